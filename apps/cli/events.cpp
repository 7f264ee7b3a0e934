#include "apps/cli/events.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>
#include <thread>

#include "apps/cli/exit_code.h"
#include "apps/cli/terminal.h"
#include "base/text.h"

namespace batchyard::cli {

namespace {

namespace json = boost::json;

constexpr std::chrono::seconds before_redial{1};

// Takes server-sent events apart, whatever the parts they come in.
class EventReader {
 public:
  std::string position;  // of the last event, where to go on after a broken link
  bool trimmed = false;

  // `each` gets the data of every event.
  template <class Each>
  void take(std::string_view part, const Each& each) {
    text_ += part;
    std::size_t end = 0;
    while ((end = text_.find('\n')) != std::string::npos) {
      const std::string line = text_.substr(0, end);
      text_.erase(0, end + 1);
      if (line.starts_with("id: ")) position = line.substr(4);
      if (line.starts_with("event: ")) trimmed = line == "event: EventsTrimmed";
      if (line.starts_with("data: ")) each(std::string_view(line).substr(6));
    }
  }

 private:
  std::string text_;
};

std::string member(const json::object& data, std::string_view name) {
  const json::value* value = data.if_contains(name);
  if (value == nullptr) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

void print_event(std::string_view text, Output output) {
  if (output == Output::json) {
    fmt::print("{}\n", text);
    return;
  }
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object()) return;
  const json::object& data = value.get_object();
  const std::string before = member(data, "previousState");
  const std::string state = member(data, "state");
  fmt::print("{:<24} {:<10} {:<24} {:<40} {} {}\n", member(data, "time"), member(data, "by"),
             member(data, "what"), member(data, "entity"),
             paint(before.empty() ? state : before + " > " + state, colour_of_state(state)),
             member(data, "detail"));
}

std::string path_of(const EventsOptions& options, const std::string& position) {
  std::string path = fmt::format("/batchyard/events?follow={}", options.follow);
  if (!position.empty()) path += "&after=" + position;
  for (const auto& [name, value] : {std::pair("entity", &options.entity),
                                    {"kind", &options.kind},
                                    {"job", &options.job},
                                    {"pool", &options.pool}}) {
    if (!value->empty()) path += fmt::format("&{}={}", name, percent_encode(*value));
  }
  return path;
}

}  // namespace

int events(ApiClient& api, const EventsOptions& options, Output output) {
  EventReader reader;
  if (options.after)
    reader.position = std::to_string(*options.after);
  else if (!options.follow)
    reader.position = "0";
  const auto print = [&](std::string_view part) {
    reader.take(part, [&](std::string_view data) { print_event(data, output); });
    std::fflush(stdout);
    return !reader.trimmed;
  };
  bool connected = false;
  while (true) {
    const Result<> ended = api.follow(path_of(options, reader.position), print);
    if (reader.trimmed) {
      fmt::print(stderr, "batchyard: events were lost: this reader was too slow for the service\n");
      return ExitCode::refused;
    }
    if (!options.follow) return ended ? ExitCode::done : report(ended.error());
    // A service that is started again goes on where this reader was.
    connected = connected || ended.has_value() || !reader.position.empty();
    if (!ended && (ended.error().kind != Kind::busy || !connected)) return report(ended.error());
    std::this_thread::sleep_for(before_redial);
  }
}

}  // namespace batchyard::cli
