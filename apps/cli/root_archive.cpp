#include "apps/cli/root_archive.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

#include "base/text.h"

extern char** environ;

namespace batchyard::cli {

namespace {

constexpr std::string_view container_prefix = "container:";

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

struct Program {
  pid_t pid = -1;
  File out;
};

Result<Program> start_program(std::vector<std::string> words) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return fail(Kind::internal, "", "no pipe can be made");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  Program program;
  const int error =
      posix_spawnp(&program.pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  program.out = File(fdopen(ends[0], "r"));
  if (error != 0)
    return fail(Kind::invalid, "", fmt::format("{} cannot be run: install it", words[0]));
  return program;
}

Result<> await(const Program& program, const std::string& what) {
  int status = 0;
  waitpid(program.pid, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return Done();
  return fail(Kind::invalid, "", what + " could not be read; what is written above says why");
}

Result<> stream_program(std::vector<std::string> words, const std::string& what,
                        const std::function<Result<>(std::FILE*)>& take) {
  Program program = TRY(start_program(std::move(words)));
  const Result<> taken = take(program.out.get());
  program.out.reset();  // one that still writes ends
  const Result<> ended = await(program, what);
  return taken ? ended : taken;
}

// podman makes a container of an image to read its files; nothing runs in it.
Result<> stream_container(const std::string& reference,
                          const std::function<Result<>(std::FILE*)>& take) {
  Program made = TRY(start_program({"podman", "create", "--quiet", reference, "/bin/true"}));
  char line[256] = {};
  const bool said = std::fgets(line, sizeof line, made.out.get()) != nullptr;
  TRY(await(made, "the container image " + reference));
  if (!said) return fail(Kind::invalid, "", "podman made no container of " + reference);
  const std::string container(trim(line));
  const Result<> taken =
      stream_program({"podman", "export", container}, "the container image " + reference, take);
  const Program removed = TRY(start_program({"podman", "rm", "--force", container}));
  TRY(await(removed, "the container " + container));
  return taken;
}

}  // namespace

Result<> with_root_archive(const std::string& from,
                           const std::function<Result<>(std::FILE*)>& take) {
  if (from.starts_with(container_prefix))
    return stream_container(from.substr(container_prefix.size()), take);
  struct stat stat{};
  if (::stat(from.c_str(), &stat) != 0)
    return fail(Kind::invalid, "",
                fmt::format("--from {} cannot be read: give a directory, a tar file, or "
                            "container:IMAGE",
                            from));
  if (S_ISDIR(stat.st_mode))
    return stream_program({"tar", "--create", "--one-file-system", "--numeric-owner", "--xattrs",
                           "--xattrs-include=security.capability", "--xattrs-include=user.*",
                           "--sparse", "--directory", from, "."},
                          from, take);
  const File file(std::fopen(from.c_str(), "re"));
  if (!file) return fail(Kind::invalid, "", fmt::format("--from {} cannot be read", from));
  return take(file.get());
}

}  // namespace batchyard::cli
