#include "edge/fetch/fetch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "base/text.h"
#include "edge/fetch/container_list.h"
#include "edge/fetch/download.h"
#include "edge/files/as_user.h"
#include "edge/files/beneath.h"

namespace batchyard::edge {

namespace {

constexpr mode_t mode_default = 0770;  // source: resourceFiles.fileMode

// A file on its way: where from, and where to, relative to the directory it may not leave.
struct Source {
  std::string url;
  std::string path;
};

std::unexpected<Error> failed(const char* code, const Source& source, const std::string& why) {
  const std::string shown = without_query(source.url);
  return fail(Kind::invalid, code,
              fmt::format("The resource file {} could not be had: {}.", shown, why),
              {{"BlobSource", shown}, {"FilePath", source.path}, {"Reason", why}});
}

std::unexpected<Error> not_written(const char* code, const Source& source, int error) {
  if (error == ENOSPC || error == EDQUOT)
    return failed("DiskFull", source,
                  "the node's disk is full: delete files, or use a larger machine size");
  if (error == EXDEV || error == ELOOP)
    return failed(code, source,
                  fmt::format("its place {} leads out of the working directory", source.path));
  return failed(code, source, std::strerror(error));
}

// "", "." and ".." have no place in a path that somebody else has made up.
bool is_inside(const std::string& path) {
  for (const std::string_view part : split(path, '/')) {
    if (part == "..") return false;
  }
  return !path.starts_with('/') && path.find('\0') == std::string::npos;
}

std::unexpected<Error> not_had(const Source& source, const TransferAnswer& answer) {
  if (answer.end == TransferEnd::sink_failed)
    return not_written("ResourceFileWriteFailed", source, answer.error);
  if (answer.end == TransferEnd::timed_out)
    return failed("BlobDownloadTimedOut", source, answer.in_words());
  if (answer.end == TransferEnd::answered && answer.status == 404)
    return failed("BlobNotFound", source, answer.in_words() + ": check the URL");
  if (answer.end == TransferEnd::answered && (answer.status == 401 || answer.status == 403))
    return failed("BlobAccessDenied", source,
                  answer.in_words() + ": check the URL's signature and its expiry");
  return failed("BlobDownloadMiscError", source, answer.in_words());
}

std::unexpected<Error> not_listed(const Source& container, const TransferAnswer& answer) {
  if (answer.end == TransferEnd::timed_out)
    return failed("ResourceContainerListTimedOut", container, answer.in_words());
  if (answer.end == TransferEnd::answered && answer.status == 404)
    return failed("ResourceContainerNotFound", container, answer.in_words() + ": check the URL");
  if (answer.end == TransferEnd::answered && (answer.status == 401 || answer.status == 403))
    return failed("ResourceContainerAccessDenied", container,
                  answer.in_words() + ": the URL's signature must allow to read and to list");
  return failed("ResourceContainerListMiscError", container, answer.in_words());
}

mode_t mode_of(const std::string& text) {
  unsigned mode = mode_default;
  std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  return mode & 07777;
}

class Fetch {
 public:
  Fetch(const FetchSite& site, const node::FetchOrder& order, int directory)
      : site_(site), order_(order), directory_(directory) {}

  Result<> file(const Source& source) const {
    if (!is_inside(source.path) || source.path.empty())
      return not_written("ResourceFileCreateFailed", source, EXDEV);
    const Opened made = TRY(create(source));
    TransferRequest request{.url = source.url, .follow_redirects = true};
    if (order_.container) request.headers = {"x-ms-version: 2020-10-02"};
    const TransferAnswer answer =
        download(site_.transfer, site_.halt, std::move(request), made.number());
    if (!answer.good()) return not_had(source, answer);
    if (fchmod(made.number(), mode_of(order_.mode)) != 0)
      return not_written("ResourceFileCreateFailed", source, errno);
    return Done();
  }

  Result<> container(const std::string& below) const {
    const Source whole{order_.url, below};
    std::string marker;
    do {
      const TransferRequest request{.url = blob_page_url(order_.url, order_.prefix, marker),
                                    .headers = {"x-ms-version: 2020-10-02"}};
      const TransferAnswer answer = site_.transfer.perform_patiently(request, site_.halt);
      if (!answer.good()) return not_listed(whole, answer);
      Result<BlobPage> page = parse_blob_page(answer.text);
      if (!page) return failed("ResourceContainerListMiscError", whole, page.error().message);
      for (const std::string& name : page->names) TRY(blob(name, below));
      if (page->next_marker == marker) break;  // would never end
      marker = std::move(page->next_marker);
    } while (!marker.empty());
    return Done();
  }

 private:
  // The file is the account's, and made where the account may make one.
  Result<Opened> create(const Source& source) const {
    const AsUser user(site_.uid, site_.gid);
    if (!user.good()) return not_written("ResourceFileCreateFailed", source, EPERM);
    if (const int error = make_parents_beneath(directory_, source.path); error != 0)
      return not_written("ResourceDirectoryCreateFailed", source, error);
    Opened made = create_beneath(directory_, source.path);
    if (!made.good()) return not_written("ResourceFileCreateFailed", source, errno);
    return made;
  }

  // A name that ends in '/' stands for a directory.
  Result<> blob(const std::string& name, const std::string& below) const {
    const Source source{blob_url(order_.url, name), below.empty() ? name : below + "/" + name};
    if (!name.ends_with('/')) return file(source);
    if (!is_inside(source.path)) return not_written("ResourceDirectoryCreateFailed", source, EXDEV);
    const AsUser user(site_.uid, site_.gid);
    if (const int error = make_parents_beneath(directory_, source.path); error != 0)
      return not_written("ResourceDirectoryCreateFailed", source, error);
    return Done();
  }

  const FetchSite& site_;
  const node::FetchOrder& order_;
  int directory_;
};

}  // namespace

Result<> fetch_into_node(const FetchSite& site, const node::FetchOrder& order) {
  std::string path = order.path;
  if (!order.within.empty() && path.starts_with(order.within + "/"))
    path.erase(0, order.within.size() + 1);
  while (path.ends_with('/')) path.pop_back();
  if (path == ".") path.clear();
  if (!is_inside(path)) return not_written("ResourceFileCreateFailed", {order.url, path}, EXDEV);
  const Opened root(open(site.root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const Opened directory =
      open_beneath(root.number(), order.within, O_PATH | O_DIRECTORY | O_NOFOLLOW);
  if (!directory.good())
    return not_written("ResourceDirectoryCreateFailed", {order.url, path}, errno);
  const Fetch fetch(site, order, directory.number());
  return order.container ? fetch.container(path) : fetch.file({order.url, path});
}

}  // namespace batchyard::edge
