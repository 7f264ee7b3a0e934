#include "apps/cli/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace batchyard::cli {

bool is_terminal() {
  static const bool terminal = isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
  return terminal;
}

std::string paint(std::string_view text, Colour colour) {
  static constexpr const char* codes[] = {"0", "2", "1", "31", "32", "33", "34"};
  if (colour == Colour::none || !is_terminal()) return std::string(text);
  return fmt::format("\033[{}m{}\033[0m", codes[static_cast<int>(colour)], text);
}

Colour colour_of_state(std::string_view state) {
  static constexpr std::string_view good[] = {"idle",      "steady",  "active",
                                              "completed", "success", "running"};
  static constexpr std::string_view bad[] = {"unusable", "starttaskfailed", "unknown", "failure",
                                             "offline",  "preempted",       "deleting"};
  if (std::ranges::find(good, state) != std::end(good)) return Colour::green;
  return std::ranges::find(bad, state) != std::end(bad) ? Colour::red : Colour::yellow;
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  for (const std::string& title : head) widths.push_back(title.size());
  for (const std::vector<std::string>& row : rows) {
    for (std::size_t at = 0; at < row.size(); ++at)
      widths[at] = std::max(widths[at], row[at].size());
  }
  const auto line = [&](const std::vector<std::string>& cells, bool is_head) {
    std::string text;
    for (std::size_t at = 0; at < cells.size(); ++at) {
      const std::string padding(at + 1 == cells.size() ? 0 : widths[at] - cells[at].size() + 2,
                                ' ');
      const Colour colour = is_head                                ? Colour::bold
                            : static_cast<int>(at) == state_column ? colour_of_state(cells[at])
                                                                   : Colour::none;
      text += paint(cells[at], colour) + padding;
    }
    return text + "\n";
  };
  std::string text = line(head, true);
  for (const std::vector<std::string>& row : rows) text += line(row, false);
  return text;
}

// On standard error, so that standard output has only what was asked for; what stands there already
// goes first.
void ProgressLine::show(const std::string& line) {
  static const bool redrawn = isatty(STDERR_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
  if (line == last_) return;
  last_ = line;
  std::fflush(stdout);
  if (redrawn)
    fmt::print(stderr, "\r\033[K{}", line);
  else
    fmt::print(stderr, "{}\n", line);
  open_ = redrawn;
}

void ProgressLine::end() {
  if (open_) fmt::print(stderr, "\n");
  open_ = false;
}

std::string short_duration(long long seconds) {
  if (seconds < 0) return "-";
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3600) return fmt::format("{}m{}s", seconds / 60, seconds % 60);
  if (seconds < 86400) return fmt::format("{}h{}m", seconds / 3600, seconds / 60 % 60);
  return fmt::format("{}d{}h", seconds / 86400, seconds / 3600 % 24);
}

}  // namespace batchyard::cli
