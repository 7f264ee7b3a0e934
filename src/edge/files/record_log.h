// Named texts that outlive the agent, in one file: keeping or dropping one is one write to its end.
// A file for each would cost a task more than starting its process does.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace batchyard::edge {

// Not durable against a crash of the machine, since what the records are of ends with it, too.
class RecordLog {
 public:
  RecordLog() = default;
  ~RecordLog();
  RecordLog(const RecordLog&) = delete;
  RecordLog& operator=(const RecordLog&) = delete;

  // Reads what an earlier agent kept. A last line that was cut off is dropped.
  Result<> open(const std::string& path);

  // Neither names nor texts have line ends, names no tabs.
  Result<> keep(const std::string& name, std::string_view text);
  Result<> drop(const std::string& name);

  std::vector<std::string> names() const;
  std::string text(const std::string& name) const;  // empty: no such record

 private:
  struct Place {
    std::uint64_t at = 0;
    std::uint64_t size = 0;
  };
  void read_lines();
  void take(std::string_view line, std::uint64_t at);
  void forget(const std::string& name);
  std::string read(const Place& place) const;
  Result<> append(const std::string& line);
  Result<> rewrite();

  std::string path_;
  int file_ = -1;
  std::uint64_t size_ = 0;  // bytes of whole lines
  std::uint64_t live_ = 0;  // bytes of them that are texts of records
  std::map<std::string, Place> places_;
};

}  // namespace batchyard::edge
