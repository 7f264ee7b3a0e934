#include "edge/launch/wire.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

namespace batchyard::edge {

namespace {

bool read_whole(int descriptor, char* to, std::size_t length) {
  for (std::size_t at = 0; at < length;) {
    const ssize_t got = read(descriptor, to + at, length - at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace

bool write_whole(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(descriptor, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

bool send_frame(int socket, LaunchFrame kind, std::string_view bytes) {
  const auto length = static_cast<std::uint32_t>(bytes.size());
  std::string frame(5, static_cast<char>(kind));
  std::memcpy(frame.data() + 1, &length, sizeof length);
  frame += bytes;
  std::string_view rest = frame;
  while (!rest.empty()) {
    const ssize_t put = send(socket, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

std::optional<LaunchMessage> receive_frame(int socket) {
  char head[5];
  if (!read_whole(socket, head, sizeof head)) return std::nullopt;
  std::uint32_t length = 0;
  std::memcpy(&length, head + 1, sizeof length);
  if (length > launch_frame_max) return std::nullopt;
  LaunchMessage message{static_cast<LaunchFrame>(head[0]), std::string(length, '\0')};
  if (!read_whole(socket, message.bytes.data(), length)) return std::nullopt;
  return message;
}

}  // namespace batchyard::edge
