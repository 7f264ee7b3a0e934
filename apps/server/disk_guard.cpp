#include "apps/server/disk_guard.h"

#include <fmt/format.h>
#include <sys/statvfs.h>

namespace batchyard::server {

namespace {

constexpr std::uint64_t mebibyte = 1 << 20;
constexpr std::uint64_t kept_free = 64 * mebibyte;

bool makes_room(const engine::Command& command) {
  return std::holds_alternative<engine::DeletePool>(command) ||
         std::holds_alternative<engine::DeleteJob>(command) ||
         std::holds_alternative<engine::DeleteTask>(command) ||
         std::holds_alternative<engine::DeletePackage>(command);
}

}  // namespace

void DiskGuard::submit(engine::Command command, engine::OnDone done) {
  struct statvfs room{};
  if (makes_room(command) || statvfs(directory_.c_str(), &room) != 0)
    return inbox_.submit(std::move(command), std::move(done));
  const std::uint64_t free = std::uint64_t{room.f_bavail} * room.f_frsize;
  if (free >= kept_free) return inbox_.submit(std::move(command), std::move(done));
  done(fail(Kind::busy, "ServerBusy",
            fmt::format("The disk of the data directory {} has {} MiB left, and the service keeps "
                        "{} MiB free: it only reads until there is room. Free space there, or "
                        "delete jobs that are not needed any more.",
                        directory_, free / mebibyte, kept_free / mebibyte)));
}

}  // namespace batchyard::server
