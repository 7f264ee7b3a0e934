#include "blob/conditions.h"

#include <algorithm>

#include "base/text.h"
#include "blob/codes.h"

namespace batchyard::blob {

namespace {

struct Wishes {
  std::string_view match;
  std::string_view none_match;
  std::optional<Time> modified_since;
  std::optional<Time> unmodified_since;
};

// With and without quotes, weak or strong: tags are compared by what they say.
std::string_view bare(std::string_view tag) {
  tag = trim(tag);
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  if (tag.size() >= 2 && tag.starts_with('"') && tag.ends_with('"'))
    tag = tag.substr(1, tag.size() - 2);
  return tag;
}

bool names(std::string_view list, const std::string& etag) {
  return std::ranges::any_of(split(list, ','), [&](std::string_view one) {
    return trim(one) == "*" || bare(one) == bare(etag);
  });
}

Result<std::optional<Time>> date_of(const HttpRequest& request, std::string_view name) {
  const std::string_view text = request.header(name);
  if (text.empty()) return std::optional<Time>();
  const std::optional<Time> time = parse_http_date(text);
  if (!time) return bad_header(name, text, "write it as Mon, 23 Nov 2026 09:15:02 GMT");
  return time;
}

// Last-Modified has whole seconds.
bool holds(const Wishes& wishes, const Standing& standing) {
  const auto modified = std::chrono::floor<std::chrono::seconds>(standing.modified);
  if (!wishes.match.empty() && !names(wishes.match, standing.etag)) return false;
  if (wishes.match.empty() && wishes.unmodified_since && modified > *wishes.unmodified_since)
    return false;
  if (!wishes.none_match.empty()) return !names(wishes.none_match, standing.etag);
  return !wishes.modified_since || modified > *wishes.modified_since;
}

}  // namespace

Result<> check_conditions(const HttpRequest& request, const std::optional<Standing>& standing,
                          bool writes) {
  Wishes wishes{.match = request.header("If-Match"), .none_match = request.header("If-None-Match")};
  wishes.modified_since = TRY(date_of(request, "If-Modified-Since"));
  wishes.unmodified_since = TRY(date_of(request, "If-Unmodified-Since"));
  if (!standing) {
    if (!wishes.match.empty()) return refused("ConditionNotMet");
    return Done();
  }
  if (holds(wishes, *standing)) return Done();
  if (writes && trim(wishes.none_match) == "*") return refused("BlobAlreadyExists");
  return refused("ConditionNotMet");
}

Result<> check_source_conditions(const HttpRequest& request, const Standing& source) {
  Wishes wishes{.match = request.header("x-ms-source-if-match"),
                .none_match = request.header("x-ms-source-if-none-match")};
  wishes.modified_since = TRY(date_of(request, "x-ms-source-if-modified-since"));
  wishes.unmodified_since = TRY(date_of(request, "x-ms-source-if-unmodified-since"));
  if (!holds(wishes, source)) return refused("SourceConditionNotMet");
  return Done();
}

bool is_unmodified(const HttpRequest& request, const Error& error) {
  if (error.code != "ConditionNotMet" || (request.method != "GET" && request.method != "HEAD"))
    return false;
  return !request.header("If-None-Match").empty() || !request.header("If-Modified-Since").empty();
}

}  // namespace batchyard::blob
