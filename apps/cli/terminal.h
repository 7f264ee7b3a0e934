// What people see: tables, colours where the terminal has them, a progress line that is redrawn.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace batchyard::cli {

enum class Colour { none, dim, bold, red, green, yellow, blue };

// Standard output is a terminal and NO_COLOR is not set.
bool is_terminal();
std::string paint(std::string_view text, Colour colour);
// Green for what works, yellow for what is on its way, red for what needs someone.
Colour colour_of_state(std::string_view state);

struct Table {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
  int state_column = -1;  // is painted by its state
  std::string text() const;
};

// One line that is overwritten by the next; on something that is no terminal each different line is
// printed once.
class ProgressLine {
 public:
  ~ProgressLine() { end(); }
  void show(const std::string& line);
  void end();

 private:
  std::string last_;
  bool open_ = false;
};

// "3m12s", "45s", "2d4h": how long, for people.
std::string short_duration(long long seconds);

}  // namespace batchyard::cli
