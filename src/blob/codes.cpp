#include "blob/codes.h"

#include <fmt/format.h>

#include "base/text.h"

namespace batchyard::blob {

namespace {

constexpr std::size_t shown_max = 200;

}  // namespace

std::unexpected<Error> refused(Code code, std::string_view more, std::vector<Detail> details) {
  const CodeFacts& facts = code.facts();
  std::string message(facts.words);
  if (!more.empty()) message += fmt::format(" {}", more);
  return fail(facts.kind, std::string(facts.code), std::move(message), std::move(details));
}

std::unexpected<Error> bad_header(std::string_view name, std::string_view value,
                                  std::string_view right) {
  const std::string shown = readable(value, shown_max);
  return refused("InvalidHeaderValue", fmt::format("{} is '{}': {}.", name, shown, right),
                 {{"HeaderName", std::string(name)}, {"HeaderValue", shown}});
}

std::unexpected<Error> bad_parameter(std::string_view name, std::string_view value,
                                     std::string_view right) {
  const std::string shown = readable(value, shown_max);
  return refused("InvalidQueryParameterValue", fmt::format("{} is '{}': {}.", name, shown, right),
                 {{"QueryParameterName", std::string(name)},
                  {"QueryParameterValue", shown},
                  {"Reason", std::string(right)}});
}

const CodeFacts& facts_of(const Error& error) {
  const std::size_t line = line_of(error.code);
  if (line < std::size(codes)) return codes[line];
  // What the listener itself has refused.
  if (error.kind == Kind::invalid) return codes[line_of("InvalidInput")];
  return codes[line_of(error.kind == Kind::busy ? "ServerBusy" : "InternalError")];
}

}  // namespace batchyard::blob
