#include "edge/launch/client.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

#include "edge/launch/wire.h"

namespace batchyard::edge {

namespace {

constexpr int not_reached = 255;  // as ssh says it

constexpr std::string_view options_with_value = "BbcDEeFIiJLlmOopQRSWw";

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

struct Wish {
  std::string host;
  std::string command;
};

Wish parse(int argument_count, char** arguments) {
  Wish wish;
  int at = 1;
  for (; at < argument_count && arguments[at][0] == '-' && arguments[at][1] != 0; ++at) {
    // A value may stand in the same word: -oOption=yes.
    if (options_with_value.find(arguments[at][1]) != std::string_view::npos &&
        arguments[at][2] == 0)
      ++at;
  }
  if (at < argument_count) wish.host = arguments[at++];
  // user@host: the user is the gang's.
  if (const std::size_t sign = wish.host.rfind('@'); sign != std::string::npos)
    wish.host.erase(0, sign + 1);
  for (; at < argument_count; ++at)
    wish.command += (wish.command.empty() ? "" : " ") + std::string(arguments[at]);
  return wish;
}

int complain(const std::string& text) {
  std::fprintf(stderr, "batchyard launch: %s\n", text.c_str());
  return not_reached;
}

int dial(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return -1;
  std::memcpy(address.sun_path, path.data(), path.size());
  const int socket_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(socket_fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(socket_fd);
    return -1;
  }
  return socket_fd;
}

void carry_input(int socket_fd) {
  char buffer[65536];
  while (true) {
    const ssize_t got = read(STDIN_FILENO, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (!send_frame(socket_fd, LaunchFrame::input,
                    std::string_view(buffer, got > 0 ? static_cast<std::size_t>(got) : 0)) ||
        got <= 0)
      return;
  }
}

// Signals go to the command over there; sigwait needs a thread of its own.
void carry_signals(int socket_fd, sigset_t signals) {
  int number = 0;
  while (sigwait(&signals, &number) == 0 &&
         send_frame(socket_fd, LaunchFrame::signal, std::to_string(number))) {
  }
}

}  // namespace

int launch_main(int argument_count, char** arguments) {
  const Wish wish = parse(argument_count, arguments);
  if (wish.host.empty() || wish.command.empty()) return complain("give HOST COMMAND…, as to ssh");
  const std::string path = variable("BATCHYARD_LAUNCH_SOCKET");
  if (path.empty())
    return complain("this is no multi-instance task: BATCHYARD_LAUNCH_SOCKET is not set");
  const int socket_fd = dial(path);
  if (socket_fd < 0) return complain("the node's agent does not answer at " + path);

  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2})
    sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  const std::string nul(1, '\0');
  send_frame(socket_fd, LaunchFrame::hello,
             variable("BATCHYARD_RUN") + nul + variable("BATCHYARD_LAUNCH_SECRET") + nul +
                 wish.host + nul + wish.command);
  std::thread(carry_input, socket_fd).detach();
  std::thread(carry_signals, socket_fd, signals).detach();
  while (std::optional<LaunchMessage> message = receive_frame(socket_fd)) {
    switch (message->kind) {
      case LaunchFrame::output:
        write_whole(STDOUT_FILENO, message->bytes);
        break;
      case LaunchFrame::error:
        write_whole(STDERR_FILENO, message->bytes);
        break;
      case LaunchFrame::exit:
        std::_Exit(std::atoi(message->bytes.c_str()));
      case LaunchFrame::failure:
        complain(message->bytes);
        std::_Exit(not_reached);
      default:
        break;
    }
  }
  complain("the connection to " + wish.host + " was lost");
  std::_Exit(not_reached);
}

}  // namespace batchyard::edge
