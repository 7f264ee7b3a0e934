// Errors of system calls as words, and the few file operations that the fleet needs.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "edge/fleet/descriptor.h"

namespace batchyard::fleet {

// "cannot <doing>: Operation not permitted", from errno (or the number given).
std::unexpected<Error> cannot(std::string_view doing);
std::unexpected<Error> cannot(std::string_view doing, int error_number);

Result<Descriptor> open_file(const std::string& path, int flags, mode_t mode = 0);
Result<std::string> read_file(const std::string& path);
Result<> write_file(const std::string& path, std::string_view content, mode_t mode);
// Written beside and renamed: a reader finds the old content or the new one, whenever the service
// dies. Not synced: after a power cut the processes that these files tell of are gone too.
Result<> replace_file(const std::string& path, std::string_view content, mode_t mode);
Result<> make_directory(const std::string& path,
                        mode_t mode);  // with its parents; there already is fine
std::string parent_path(const std::string& path);
bool lies_below(std::string_view path, std::string_view directory);

// Field 22 of /proc/PID/stat: with the pid, the name of a process. 0 when there is none.
std::uint64_t process_start_time(pid_t pid);
// The machine's own; differs after a reboot.
std::string machine_boot_id();
std::string random_uuid();

}  // namespace batchyard::fleet
