#include "edge/fleet/pool_hosts.h"

#include <fcntl.h>
#include <unistd.h>

#include "edge/fleet/system.h"

namespace batchyard::fleet {

Result<> PoolHosts::create() {
  if (::access(path_.c_str(), F_OK) == 0) return Done{};
  std::string content = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n";
  // The agent finds by these whatever the machine finds: the service's own name among them.
  if (const Result<std::string> machine = read_file("/etc/hosts"))
    content = *machine + (machine->ends_with('\n') ? "" : "\n");
  return replace_file(path_, content, 0644);
}

Result<> PoolHosts::add(const std::string& address, const std::string& name) {
  TRY(strike(address));
  const Descriptor file = TRY(open_file(path_, O_WRONLY | O_APPEND));
  const std::string line = address + " " + name + "\n";
  if (::write(file.number(), line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    return cannot("write " + path_);
  return Done{};
}

Result<> PoolHosts::strike(const std::string& address) {
  const std::string content = TRY(read_file(path_));
  const Descriptor file = TRY(open_file(path_, O_WRONLY));
  const std::string start = "\n" + address + " ";
  for (std::size_t at = content.find(start); at != std::string::npos;
       at = content.find(start, at + 1)) {
    if (::pwrite(file.number(), "#", 1, static_cast<off_t>(at + 1)) != 1)
      return cannot("write " + path_);
  }
  return Done{};
}

}  // namespace batchyard::fleet
