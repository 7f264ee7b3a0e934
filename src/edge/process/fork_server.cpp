#include "edge/process/fork_server.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "edge/process/shim_record.h"

namespace batchyard::edge {

namespace {

constexpr int order_descriptor = 3;

bool send_whole(int socket, const std::string& bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t put = send(socket, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    at += static_cast<std::size_t>(put);
  }
  return true;
}

// Nothing: the server ended before it said what became of the order.
std::optional<ForkServer::Made> receive_answer(int socket) {
  ForkServer::Made made;
  std::int32_t error = 0;
  iovec part{&error, sizeof error};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof made.handle)] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t got = 0;
  do got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  while (got < 0 && errno == EINTR);
  if (got != sizeof error) return std::nullopt;
  made.error = error;
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header != nullptr && header->cmsg_type == SCM_RIGHTS)
    std::memcpy(&made.handle, CMSG_DATA(header), sizeof made.handle);
  else if (error == 0)
    made.error = EMFILE;  // the kernel had no descriptor to give
  return made;
}

}  // namespace

int ForkServer::launch() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return errno;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], order_descriptor);
  std::string name = "batchyard-shim";
  std::string serve = "--server";
  char* arguments[] = {name.data(), serve.data(), nullptr};
  char* environment[] = {nullptr};
  const int error = posix_spawn(&pid_, program_.c_str(), &actions, nullptr, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (error != 0) {
    close(ends[0]);
    return error;
  }
  socket_ = ends[0];
  return 0;
}

void ForkServer::end() {
  if (socket_ < 0) return;
  close(socket_);
  socket_ = -1;
  waitpid(pid_, nullptr, 0);
}

ForkServer::Made ForkServer::make(const ShimOrder& order) {
  const std::string bytes = to_bytes(order);
  if (bytes.size() > shim_order_max) return {.error = E2BIG};
  // A server that was killed is started anew.
  for (int tries = 0; tries < 2; ++tries) {
    if (socket_ < 0) {
      if (const int error = launch(); error != 0) return {.error = error};
    }
    if (send_whole(socket_, bytes)) {
      if (const std::optional<Made> made = receive_answer(socket_)) return *made;
      // A shim that it made before it ended holds the socket open until its record exists: now
      // there is a record, or no shim.
      if (const ShimRecord record = read_record(order.record); record.pid != 0) {
        end();
        return {.handle = handle_of(record)};
      }
    }
    end();
  }
  return {.error = EIO};
}

}  // namespace batchyard::edge
