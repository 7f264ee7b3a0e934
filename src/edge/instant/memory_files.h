// The files of a simulated node, in memory. Answers the files API as a real node's agent does
// (edge/files).
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/time.h"
#include "protocol/messages.h"

namespace batchyard::instant {

class MemoryFiles {
 public:
  // Paths are relative to the node's root, '/' between parts.
  void make_directory(const std::string& path, Time now);
  void write(const std::string& path, std::string text, Time now);
  // Gives the bytes that were freed.
  std::int64_t remove(const std::string& path);
  // Takes out what a directory holds, with names relative to it.
  MemoryFiles take(const std::string& directory);
  std::int64_t bytes() const { return bytes_; }

  protocol::FileAnswer answer(const protocol::FileRequest& request, const std::string& base);

 private:
  struct File {
    bool directory = false;
    std::string text;
    Time created;
    Time modified;
  };
  using Files = std::map<std::string, File>;  // every directory has an entry
  // The entries below a directory.
  std::pair<Files::iterator, Files::iterator> below(const std::string& path);
  static protocol::FileEntry entry_of(std::string name, const File& file);
  void list(const std::string& root, const protocol::FileRequest& request,
            protocol::FileAnswer& answer);
  void remove_asked(const std::string& path, bool recursive, protocol::FileAnswer& answer);

  Files files_;
  std::int64_t bytes_ = 0;
};

}  // namespace batchyard::instant
