#include "model/container.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <optional>

#include "base/text.h"

namespace batchyard {

namespace {

constexpr std::size_t image_length_max = 512;
constexpr std::size_t tag_length_max = 128;
constexpr std::int64_t gpus_max = 64;
constexpr std::string_view device_mark = "device=";

enum class Right {
  everybody,
  admin,
  dropped,  // what it asks for is so anyway
  gpus,     // the node gives them; the engine is told by devices
  service,  // the service sets it; two would contradict each other, or lose the container
};
struct Option {
  std::string_view name;
  Right right = Right::everybody;
  bool value = true;  // takes one
};
constexpr Option options[] = {
    {"--add-host"},
    {"--annotation"},
    {"--cap-drop"},
    {"--cpu-period"},
    {"--cpu-quota"},
    {"--cpu-shares"},
    {"-c"},
    {"--cpus"},
    {"--cpuset-cpus"},
    {"--cpuset-mems"},
    {"--dns"},
    {"--dns-option"},
    {"--dns-search"},
    {"--entrypoint"},
    {"--env"},
    {"-e"},
    {"--init", Right::everybody, false},
    {"--label"},
    {"-l"},
    {"--memory"},
    {"-m"},
    {"--memory-reservation"},
    {"--memory-swap"},
    {"--memory-swappiness"},
    {"--oom-kill-disable", Right::everybody, false},
    {"--oom-score-adj"},
    {"--pids-limit"},
    {"--read-only", Right::everybody, false},
    {"--shm-size"},
    {"--stop-signal"},
    {"--tmpfs"},
    {"--ulimit"},
    {"--umask"},
    {"--workdir"},
    {"-w"},
    {"--cap-add", Right::admin},
    {"--cgroupns", Right::admin},
    {"--device", Right::admin},
    {"--device-cgroup-rule", Right::admin},
    {"--group-add", Right::admin},
    {"--ipc", Right::admin},
    {"--mount", Right::admin},
    {"--pid", Right::admin},
    {"--privileged", Right::admin, false},
    {"--security-opt", Right::admin},
    {"--sysctl", Right::admin},
    {"--user", Right::admin},
    {"-u", Right::admin},
    {"--volume", Right::admin},
    {"-v", Right::admin},
    {"--volumes-from", Right::admin},
    {"--gpus", Right::gpus},
    {"--rm", Right::dropped, false},
    {"--interactive", Right::dropped, false},
    {"-i", Right::dropped, false},
    {"--attach", Right::service},
    {"-a", Right::service},
    {"--cgroup-parent", Right::service},
    {"--cgroups", Right::service},
    {"--cidfile", Right::service},
    {"--conmon-pidfile", Right::service},
    {"--detach", Right::service, false},
    {"-d", Right::service, false},
    {"--env-file", Right::service},
    {"--env-host", Right::service, false},
    {"--hostname", Right::service},
    {"-h", Right::service},
    {"--log-driver", Right::service},
    {"--log-opt", Right::service},
    {"--name", Right::service},
    {"--pod", Right::service},
    {"--publish", Right::service},
    {"-p", Right::service},
    {"--pull", Right::service},
    {"--replace", Right::service, false},
    {"--restart", Right::service},
    {"--rootfs", Right::service, false},
    {"--tty", Right::service, false},
    {"-t", Right::service, false},
    {"-it", Right::service, false},
    {"--uts", Right::service},
};
// The node's network is the container's; who asks for it gets it.
constexpr std::string_view network_options[] = {"--network", "--net"};

std::unexpected<Error> bad_option(std::string_view option, std::string_view why) {
  return bad_property("containerSettings.containerRunOptions", std::string(option),
                      std::string(why));
}

bool is_word(std::string_view text, std::string_view more) {
  return !text.empty() && std::ranges::all_of(text, [&](unsigned char letter) {
    return std::isalnum(letter) != 0 || more.contains(static_cast<char>(letter));
  });
}

// One part of a path: lower-case letters and digits, single separators only inside.
bool is_component(std::string_view text) {
  const auto plain = [](unsigned char letter) {
    return std::islower(letter) != 0 || std::isdigit(letter) != 0;
  };
  return !text.empty() && plain(static_cast<unsigned char>(text.front())) &&
         plain(static_cast<unsigned char>(text.back())) &&
         std::ranges::all_of(text, [&](unsigned char letter) {
           return plain(letter) || letter == '.' || letter == '_' || letter == '-';
         });
}

bool is_host(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && !parse_integer(text.substr(colon + 1))) return false;
  return is_word(text.substr(0, 1), "") && is_word(text.substr(0, colon), ".-");
}

bool is_digest(std::string_view text) {
  constexpr std::string_view algorithm = "sha256:";
  return text.starts_with(algorithm) && text.size() == algorithm.size() + 64 &&
         is_word(text.substr(algorithm.size()), "");
}

// Options and what belongs to them, one after the other.
class Words {
 public:
  explicit Words(std::vector<std::string> words) : words_(std::move(words)) {}
  bool done() const { return at_ >= words_.size(); }
  const std::string& take() { return words_[at_++]; }

 private:
  std::vector<std::string> words_;
  std::size_t at_ = 0;
};

Result<> check_network(std::string_view value) {
  if (value == "host") return Done();
  return bad_option("--network",
                    "A container has its node's network, as --network=host says. "
                    "Give that, or leave the option out.");
}

// "all", "2", "device=0,1", "device=GPU-…"; quotes around it are gone by now or are its own.
std::optional<GpuWish> parse_gpus(std::string_view text) {
  if (text.size() > 1 && text.front() == '"' && text.back() == '"')
    text = text.substr(1, text.size() - 2);
  if (text == "all") return GpuWish{.all = true};
  if (const std::optional<std::int64_t> count = parse_integer(text);
      count && *count > 0 && *count <= gpus_max)
    return GpuWish{.count = static_cast<std::int32_t>(*count)};
  if (const std::string_view names = text.substr(std::min(text.size(), device_mark.size()));
      text.starts_with(device_mark) && !names.empty())
    return GpuWish{.count = static_cast<std::int32_t>(split(names, ',').size())};
  return std::nullopt;
}

Result<> check_gpus(std::string_view value) {
  if (parse_gpus(value)) return Done();
  return bad_property("containerSettings.containerRunOptions", "--gpus " + std::string(value),
                      "Give --gpus all, a number, or device= and a list. A task that says nothing "
                      "has the GPUs that its slots are worth.");
}

Result<> add_option(Words& words, bool admin, std::vector<std::string>& kept) {
  const std::string word = words.take();
  const std::size_t equals = word.starts_with("--") ? word.find('=') : std::string::npos;
  const std::string name = word.substr(0, equals);
  const bool network = std::ranges::find(network_options, name) != std::end(network_options);
  const Option* known = std::ranges::find(options, std::string_view(name), &Option::name);
  if (known == std::end(options) && !network)
    return bad_option(word, name.starts_with('-')
                                ? "The service does not know this option of docker create. "
                                  "docs/use.md lists those that it takes."
                                : "It is no option. The image is imageName, and the command is "
                                  "commandLine.");
  std::optional<std::string> value;
  if (equals != std::string::npos) value = word.substr(equals + 1);
  if (!value && (network || known->value)) {
    if (words.done()) return bad_option(name, "It needs a value.");
    value = words.take();
  }
  if (network) return check_network(*value);
  if (known->right == Right::dropped) return Done();
  if (known->right == Right::gpus) return check_gpus(*value);
  if (known->right == Right::service)
    return bad_option(name, "The service sets it itself. Leave it out.");
  if (known->right == Right::admin && !admin)
    return bad_option(name,
                      "It may show a task more of the machine, so it is for tasks that run as "
                      "administrator. Leave it out, or set userIdentity.autoUser.elevationLevel "
                      "to admin.");
  kept.push_back(name);
  if (value && known->value)
    kept.push_back(*std::move(value));
  else if (value)
    kept.back() += "=" + *value;
  return Done();
}

}  // namespace

Result<ImageName> parse_image(std::string_view text) {
  const auto wrong = [&](std::string_view why) {
    return bad_property("imageName", std::string(text.substr(0, image_length_max)),
                        std::string(why));
  };
  if (text.empty() || text.size() > image_length_max)
    return wrong("Give an image's name of 1 to 512 characters, such as ubuntu:22.04.");
  std::string_view path = text;
  std::string end;
  if (const std::size_t at = path.find('@'); at != std::string_view::npos) {
    end = path.substr(at);
    path = path.substr(0, at);
    if (!is_digest(std::string_view(end).substr(1)))
      return wrong("After '@' there must be a digest: sha256: and 64 hexadecimal digits.");
  }
  const std::size_t slash = path.rfind('/');
  const std::size_t colon = path.find(':', slash == std::string_view::npos ? 0 : slash);
  if (colon != std::string_view::npos) {
    const std::string_view tag = path.substr(colon + 1);
    if (!is_word(tag, "._-") || tag.size() > tag_length_max)
      return wrong("After ':' there must be a tag of letters, digits, '.', '_' and '-'.");
    // A digest says exactly which image; the tag beside it is for readers.
    if (end.empty()) end = ":" + std::string(tag);
    path = path.substr(0, colon);
  }
  std::vector<std::string_view> parts = split(path, '/');
  ImageName image{"docker.io", {}};
  const std::string_view first = parts.front();
  const bool names_registry =
      parts.size() > 1 && (first.contains('.') || first.contains(':') || first == "localhost");
  if (names_registry) {
    if (!is_host(first)) return wrong("The part before the first '/' must be a registry's host.");
    image.registry = first;
    parts.erase(parts.begin());
  }
  if (!std::ranges::all_of(parts, is_component))
    return wrong(
        "It must be what docker pull takes: [registry/]path[:tag], the path in lower "
        "case, without a transport such as docker://.");
  const bool official = image.registry == "docker.io" && parts.size() == 1;
  image.whole = image.registry + (official ? "/library" : "");
  for (const std::string_view part : parts) image.whole += "/" + std::string(part);
  image.whole += end.empty() ? ":latest" : end;
  return image;
}

std::string registry_name(std::string_view server) {
  std::string name = fold(server);
  if (const std::size_t scheme = name.find("://"); scheme != std::string::npos)
    name.erase(0, scheme + 3);
  if (const std::size_t slash = name.find('/'); slash != std::string::npos) name.erase(slash);
  if (name.empty() || name == "index.docker.io" || name == "registry-1.docker.io")
    return "docker.io";
  return name;
}

std::optional<GpuWish> gpus_wanted(std::string_view text) {
  const std::vector<std::string> words =
      split_command_line(text).value_or(std::vector<std::string>());
  std::optional<GpuWish> wish;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (words[at].starts_with("--gpus=")) wish = parse_gpus(words[at].substr(7));
    if (words[at] == "--gpus" && at + 1 < words.size()) wish = parse_gpus(words[at + 1]);
  }
  return wish;
}

Result<std::vector<std::string>> container_options(std::string_view text, bool admin) {
  if (text.contains('\0')) return bad_option(text, "It has the character U+0000.");
  std::optional<std::vector<std::string>> split_text = split_command_line(text);
  if (!split_text) return bad_option(text, "A quote is left open.");
  Words words(*std::move(split_text));
  std::vector<std::string> kept;
  while (!words.done()) TRY(add_option(words, admin, kept));
  return kept;
}

}  // namespace batchyard
