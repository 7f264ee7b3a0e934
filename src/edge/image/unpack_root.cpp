#include "edge/image/unpack_root.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "edge/image/tree_writer.h"
#include "edge/package/digest.h"
#include "edge/package/utf8_names.h"

namespace batchyard::edge {

namespace {

struct FreeArchive {
  void operator()(archive* read) const { archive_read_free(read); }
};
using Reader = std::unique_ptr<archive, FreeArchive>;

std::unexpected<Error> no_archive(archive* read) {
  const char* why = archive_error_string(read);
  return fail(Kind::invalid, "InvalidImage",
              fmt::format("This is no archive of a root file system ({}). Give a tar file, packed "
                          "by gzip, bzip2, xz or zstd or not at all.",
                          why == nullptr ? "it is damaged" : why));
}

TreeKind kind_of(archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr) return TreeKind::hard_link;
  switch (archive_entry_filetype(entry)) {
    case AE_IFDIR:
      return TreeKind::directory;
    case AE_IFLNK:
      return TreeKind::link;
    case AE_IFIFO:
      return TreeKind::pipe;
    case AE_IFREG:
      return TreeKind::file;
    default:
      return TreeKind::device;
  }
}

std::vector<std::pair<std::string, std::string>> attributes_of(archive_entry* entry) {
  std::vector<std::pair<std::string, std::string>> attributes;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  archive_entry_xattr_reset(entry);
  while (archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK) {
    const std::string key = name == nullptr ? "" : name;
    // Others are the file system's own business, or could make an overlay hide what is there.
    if (key == "security.capability" || key.starts_with("user."))
      attributes.emplace_back(key, std::string(static_cast<const char*>(value), size));
  }
  return attributes;
}

Result<TreeEntry> entry_of(archive_entry* entry) {
  const char* name = archive_entry_pathname(entry);
  if (name == nullptr)
    return fail(Kind::invalid, "InvalidImage",
                "The root file system is refused: an entry has no name that can be read.");
  TreeEntry made;
  made.path = TRY(tree_path(name));
  made.kind = kind_of(entry);
  if (const char* target = archive_entry_hardlink(entry)) made.target = target;
  if (const char* target = archive_entry_symlink(entry); made.kind == TreeKind::link)
    made.target = target == nullptr ? "" : target;
  made.mode = static_cast<mode_t>(archive_entry_perm(entry));
  made.uid = static_cast<uid_t>(archive_entry_uid(entry));
  made.gid = static_cast<gid_t>(archive_entry_gid(entry));
  made.modified = {archive_entry_mtime(entry), archive_entry_mtime_nsec(entry)};
  made.attributes = attributes_of(entry);
  return made;
}

Result<> unpack_entry(archive* read, archive_entry* entry, TreeWriter& writer,
                      std::vector<char>& buffer) {
  TreeEntry made = TRY(entry_of(entry));
  const bool file = made.kind == TreeKind::file;
  TRY(writer.begin(std::move(made)));
  while (file) {
    const la_ssize_t count = archive_read_data(read, buffer.data(), buffer.size());
    if (count < 0) return no_archive(read);
    if (count == 0) break;
    TRY(writer.write(buffer.data(), static_cast<std::size_t>(count)));
  }
  return Done();
}

Result<std::string> digest_of_file(int file) {
  Digest digest;
  std::vector<char> buffer(256U << 10);
  for (off_t at = 0;;) {
    const ssize_t count = pread(file, buffer.data(), buffer.size(), at);
    if (count < 0)
      return fail(Kind::internal, "InternalError", "The archive could not be read to its end.");
    if (count == 0) return digest.hex();
    digest.add(buffer.data(), static_cast<std::size_t>(count));
    at += count;
  }
}

}  // namespace

Result<RootFacts> unpack_root(int archive_file, int directory) {
  const Utf8Names names;
  const Reader read(archive_read_new());
  archive_read_support_format_tar(read.get());
  archive_read_support_filter_gzip(read.get());
  archive_read_support_filter_bzip2(read.get());
  archive_read_support_filter_xz(read.get());
  archive_read_support_filter_zstd(read.get());
  lseek(archive_file, 0, SEEK_SET);
  if (archive_read_open_fd(read.get(), archive_file, 256U << 10) != ARCHIVE_OK)
    return no_archive(read.get());
  TreeWriter writer(directory);
  std::vector<char> buffer(256U << 10);
  while (true) {
    archive_entry* entry = nullptr;
    const int outcome = archive_read_next_header(read.get(), &entry);
    if (outcome == ARCHIVE_EOF) break;
    if (outcome != ARCHIVE_OK && outcome != ARCHIVE_WARN) return no_archive(read.get());
    TRY(unpack_entry(read.get(), entry, writer, buffer));
  }
  TRY(writer.done());
  RootFacts facts{.size = writer.bytes(), .left_out = writer.devices_left_out(), .digest = {}};
  facts.digest = TRY(digest_of_file(archive_file));
  return facts;
}

}  // namespace batchyard::edge
