#include "apps/cli/arguments.h"

#include <signal.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace batchyard::cli {

namespace {

constexpr std::array<std::string_view, 4> with_secrets{"--auto-storage-url", "--key", "--secret",
                                                       "--connection-string"};

void hide(char* text) {
  std::memset(text, '*', std::strlen(text));
}

}  // namespace

void leave_signals_to_who_waits(int count, char** arguments) {
  constexpr std::array<std::string_view, 3> services{"up", "serve", "agent"};
  if (count > 1 && std::ranges::find(services, std::string_view(arguments[1])) != services.end()) {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGTERM, SIGINT}) sigaddset(&signals, number);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  }
  signal(SIGPIPE, SIG_IGN);
}

std::vector<std::string> take_arguments(int count, char** arguments) {
  std::vector<std::string> taken(arguments + std::min(count, 1), arguments + count);
  std::ranges::reverse(taken);
  for (int at = 1; at < count; ++at) {
    const std::string_view word = arguments[at];
    // What follows is a command of somebody else's.
    if (word == "--") break;
    const std::size_t equals = word.find('=');
    if (std::ranges::find(with_secrets, word.substr(0, equals)) == with_secrets.end()) continue;
    if (equals != std::string_view::npos)
      hide(arguments[at] + equals + 1);
    else if (at + 1 < count)
      hide(arguments[++at]);
  }
  return taken;
}

}  // namespace batchyard::cli
