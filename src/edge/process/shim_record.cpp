#include "edge/process/shim_record.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/text.h"
#include "base/time.h"
#include "edge/clock/clock.h"

namespace batchyard::edge {

namespace {

constexpr std::size_t record_max = 1024;  // bytes; two short lines

std::string file_of(const std::string& record) {
  return record + ".run";
}

std::string first_bytes(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::string text(record_max, '\0');
  const ssize_t got = read(file, text.data(), text.size());
  close(file);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
}

// Field 22 of /proc/PID/stat.
unsigned long long start_time(int pid) {
  const std::string stat = first_bytes(fmt::format("/proc/{}/stat", pid));
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return 0;
  const std::vector<std::string_view> fields =
      split(std::string_view(stat).substr(name_end + 2), ' ');
  return fields.size() > 19 ? static_cast<unsigned long long>(parse_integer(fields[19]).value_or(0))
                            : 0;
}

std::optional<node::ProcessEnd> end_of(const std::string& line) {
  char how[16] = {};
  char step = 0;
  int value = 0;
  long long started = 0;
  long long ended = 0;
  if (std::sscanf(line.c_str(), "%15s %c %d %lld %lld", how, &step, &value, &started, &ended) != 5)
    return std::nullopt;
  node::ProcessEnd end;
  end.started = Time(Duration(started));
  end.ended = Time(Duration(ended));
  if (std::strcmp(how, "exited") == 0) {
    end.exit_code = value;
  } else if (std::strcmp(how, "signaled") == 0) {
    end.signal = value;
  } else {
    end.error = value;
    end.not_found = step == 'x' && value == ENOENT;
  }
  return end;
}

}  // namespace

ShimRecord read_record(const std::string& record) {
  const std::string text = first_bytes(file_of(record));
  const std::size_t first = text.find('\n');
  if (first == std::string::npos) return {};
  ShimRecord found;
  char boot[64] = {};
  if (std::sscanf(text.c_str(), "%d %llu %63s", &found.pid, &found.ticks, boot) != 3) return {};
  found.boot = boot;
  // A line without its end was being written when the disk was full or the machine went down.
  if (const std::size_t second = text.find('\n', first + 1); second != std::string::npos)
    found.end = end_of(text.substr(first + 1, second - first));
  return found;
}

void forget_record(const std::string& record) {
  unlink(file_of(record).c_str());
}

int handle_of(const ShimRecord& record) {
  if (record.pid <= 0 || record.boot != boot_id()) return -1;
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, record.pid, 0));
  const unsigned long long started = start_time(record.pid);
  if (handle >= 0 && (started == 0 || started > record.ticks)) {
    close(handle);
    return -1;
  }
  return handle;
}

}  // namespace batchyard::edge
