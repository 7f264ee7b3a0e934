#include "edge/upload/upload.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "edge/clock/clock.h"
#include "edge/files/as_user.h"
#include "edge/files/beneath.h"
#include "edge/upload/matched_files.h"
#include "edge/upload/put_blob.h"

namespace batchyard::edge {

namespace {

constexpr std::size_t details_max = 20;

class Upload {
 public:
  Upload(const UploadSite& site, const node::UploadOrder& order)
      : site_(site),
        order_(order),
        root_(open(site.root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
        out_(open_log("fileuploadout.txt")),
        error_(open_log("fileuploaderr.txt")) {}

  Result<> run() {
    for (const node::UploadOrder::Output& output : order_.outputs) {
      if (site_.halt.is_set()) break;
      upload(output);
    }
    if (site_.halt.is_set()) return fail(Kind::busy, "FileUploadMiscError", "It was called off.");
    if (failure_) return std::unexpected(*failure_);
    return Done();
  }

 private:
  Opened open_log(const char* name) const {
    const AsUser user(site_.uid, site_.gid);
    if (!user.good()) return {};
    const std::string path = order_.directory + "/" + name;
    Opened log = open_beneath(root_.number(), path,
                              O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK, 0644);
    struct stat stat;
    // Something else that the task has put there gets no lines.
    if (!log.good() || fstat(log.number(), &stat) != 0 || !S_ISREG(stat.st_mode)) return {};
    return log;
  }

  static void note(const Opened& log, const std::string& text) {
    const std::string line = to_iso8601(now()) + " " + text + "\n";
    if (log.good()) static_cast<void>(!write(log.number(), line.data(), line.size()));
  }

  void refused(const Error& error, const std::string& what, const std::string& where) {
    note(error_, fmt::format("{} {}: {}", error.code, what, error.message));
    if (!failure_)
      failure_ = Error{.kind = error.kind,
                       .code = error.code,
                       .message = fmt::format("The output file {} could not be uploaded: {}.", what,
                                              error.message),
                       .details = {}};
    if (failure_->details.size() >= details_max) return;
    failure_->details.push_back({"FilePath", what});
    failure_->details.push_back({"ContainerUrl", where});
    failure_->details.push_back({"Message", error.message});
  }

  Result<std::vector<MatchedFile>> find(const node::UploadOrder::Output& output,
                                        bool& is_pattern) const {
    const std::string text = expand_variables(output.pattern, order_.environment);
    const std::optional<Pattern> pattern =
        parse_pattern(text, site_.root, order_.directory + "/wd");
    if (!pattern)
      return fail(Kind::invalid, "FileUploadMiscError",
                  "it leads out of the node's directory (AZ_BATCH_NODE_ROOT_DIR)");
    is_pattern = !pattern->parts.empty();
    const AsUser user(site_.uid, site_.gid);
    if (!user.good())
      return fail(Kind::internal, "FileUploadMiscError", "the task's account cannot be taken on");
    return matched_files(root_.number(), *pattern);
  }

  void upload(const node::UploadOrder::Output& output) {
    const std::string where = without_query(output.container_url);
    bool is_pattern = false;
    const Result<std::vector<MatchedFile>> files = find(output, is_pattern);
    if (!files) return refused(files.error(), output.pattern, where);
    if (files->empty())
      note(error_, fmt::format("no file matches {}: nothing is uploaded", output.pattern));
    std::string path = output.path;
    while (path.starts_with('/')) path.erase(0, 1);
    if (is_pattern && !path.empty() && !path.ends_with('/')) path += '/';
    for (const MatchedFile& file : *files) {
      if (site_.halt.is_set()) return;
      const std::string name = is_pattern || path.empty() ? path + file.name : path;
      if (const Result<> done = put(output, file, name); !done)
        refused(done.error(), file.name, where);
    }
  }

  Result<> put(const node::UploadOrder::Output& output, const MatchedFile& file,
               const std::string& name) const {
    const std::string url = blob_url(output.container_url, name);
    const Opened opened = TRY(open_as_user(file.path));
    struct stat stat;
    if (fstat(opened.number(), &stat) != 0)
      return fail(Kind::invalid, "FileUploadMiscError", std::strerror(errno));
    TRY(put_blob(site_.transfer, site_.halt, opened.number(), stat.st_size, url, output.headers));
    note(out_, fmt::format("{} ({} bytes) was uploaded to {}", file.name, stat.st_size,
                           without_query(url)));
    return Done();
  }

  Result<Opened> open_as_user(const std::string& path) const {
    const AsUser user(site_.uid, site_.gid);
    Opened opened = user.good() ? open_file_beneath(root_.number(), path) : Opened();
    if (!opened.good())
      return fail(Kind::invalid, "FileUploadMiscError",
                  fmt::format("it cannot be read: {}", std::strerror(errno)));
    return opened;
  }

  const UploadSite& site_;
  const node::UploadOrder& order_;
  const Opened root_;
  const Opened out_;
  const Opened error_;
  std::optional<Error> failure_;
};

}  // namespace

Result<> upload_from_node(const UploadSite& site, const node::UploadOrder& order) {
  return Upload(site, order).run();
}

}  // namespace batchyard::edge
