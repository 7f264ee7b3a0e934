#include "service/filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/error_codes.h"
#include "base/text.h"

namespace batchyard::service {

namespace {

using engine::FilterNode;
using engine::FilterVerb;

constexpr int depth_max = 32;
// Of what a text may be compared with: no text that can be filtered by is longer, in bytes.
constexpr std::size_t literal_max = 4096;

FilterNode comparison_of(FilterVerb verb, const engine::FilterField& field,
                         engine::FilterLiteral literal) {
  return {.verb = verb, .field = field, .literal = std::move(literal), .children = {}};
}

// A flag that was never given is false, and absent: "eq false" is "ne true".
FilterNode flag_comparison(FilterVerb verb, const FilterableField& field, bool wanted) {
  const bool wants_true = (verb == FilterVerb::eq) == wanted;
  return comparison_of(wants_true ? FilterVerb::eq : FilterVerb::ne, field.place, true);
}

// State and result of a start task are both told by its phase (model/status.h).
FilterNode start_task_comparison(FilterVerb verb, const FilterableField& field,
                                 const std::string& wanted) {
  std::string phase;  // empty, which no row has, for a word that is neither
  const bool is_state = field.name.ends_with("state");
  if (is_state && same_folded(wanted, "running"))
    phase = "running";
  else if (!is_state && same_folded(wanted, "success"))
    phase = "succeeded";
  else if (!is_state && same_folded(wanted, "failure"))
    phase = "failed";
  if (!is_state || !same_folded(wanted, "completed"))
    return comparison_of(verb, field.place, phase);
  FilterNode ended{.verb = FilterVerb::either, .field = {}, .literal = {}, .children = {}};
  for (const char* word : {"succeeded", "failed"})
    ended.children.push_back(comparison_of(FilterVerb::eq, field.place, std::string(word)));
  if (verb == FilterVerb::eq) return ended;
  FilterNode other{.verb = FilterVerb::negation, .field = {}, .literal = {}, .children = {}};
  other.children.push_back(std::move(ended));
  return other;
}

class Parser {
 public:
  Parser(std::string_view text, std::span<const FilterableField> fields)
      : text_(text), fields_(fields) {}

  Result<FilterNode> whole() {
    FilterNode node = TRY(either(0));
    skip_blanks();
    if (at_ < text_.size()) return wrong("an 'and' or an 'or' is expected here");
    return node;
  }

 private:
  std::unexpected<Error> wrong(std::string what) const {
    const std::string reason =
        fmt::format("column {}, at '{}': {}", at_ + 1, text_.substr(at_, 20), what);
    return refusal(
        "InvalidQueryParameterValue",
        "The value specified for one of the query parameters is invalid: $filter: " + reason,
        {{"QueryParameterName", "$filter"},
         {"QueryParameterValue", std::string(text_)},
         {"Reason", reason}});
  }

  void skip_blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }

  bool take(std::string_view sign) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }

  // A word that stands alone: "and" is not the start of "android".
  bool take_word(std::string_view word) {
    skip_blanks();
    const std::size_t end = at_ + word.size();
    if (!same_folded(text_.substr(at_, word.size()), word) ||
        (end < text_.size() && is_name_letter(text_[end])))
      return false;
    at_ = end;
    return true;
  }

  static bool is_name_letter(char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_' || letter == '/';
  }

  std::string_view name() {
    skip_blanks();
    const std::size_t start = at_;
    while (at_ < text_.size() && is_name_letter(text_[at_])) ++at_;
    return text_.substr(start, at_ - start);
  }

  Result<FilterNode> either(int depth) {
    FilterNode node{.verb = FilterVerb::either, .field = {}, .literal = {}, .children = {}};
    do node.children.push_back(TRY(both(depth)));
    while (take_word("or"));
    return node.children.size() == 1 ? std::move(node.children.front()) : std::move(node);
  }

  Result<FilterNode> both(int depth) {
    FilterNode node{.verb = FilterVerb::both, .field = {}, .literal = {}, .children = {}};
    do node.children.push_back(TRY(one(depth)));
    while (take_word("and"));
    return node.children.size() == 1 ? std::move(node.children.front()) : std::move(node);
  }

  Result<FilterNode> one(int depth) {
    if (depth > depth_max) return wrong("too many 'not' and parentheses");
    if (take_word("not")) {
      FilterNode node{.verb = FilterVerb::negation, .field = {}, .literal = {}, .children = {}};
      node.children.push_back(TRY(one(depth + 1)));
      return node;
    }
    if (take("(")) {
      FilterNode node = TRY(either(depth + 1));
      if (!take(")")) return wrong("a ')' is expected here");
      return node;
    }
    if (take_word("startswith")) return starts_with();
    return comparison();
  }

  Result<const FilterableField*> field() {
    const std::size_t start = (skip_blanks(), at_);
    const std::string_view wanted = name();
    const auto found = std::ranges::find(fields_, wanted, &FilterableField::name);
    if (found != fields_.end()) return &*found;
    at_ = start;
    if (wanted.empty()) return wrong("the name of a property is expected here");
    std::string known;
    for (const FilterableField& one : fields_)
      known += (known.empty() ? "" : ", ") + std::string(one.name);
    return wrong(fmt::format("'{}' cannot be filtered by; these can: {}", wanted, known));
  }

  Result<FilterNode> starts_with() {
    if (!take("(")) return wrong("a '(' is expected after startswith");
    const FilterableField* found = TRY(field());
    if (!found->starts_with)
      return wrong(fmt::format("startswith cannot be used with {}", found->name));
    if (!take(",")) return wrong("a ',' is expected here");
    FilterNode node{.verb = FilterVerb::starts_with, .field = found->place, .children = {}};
    node.literal = TRY(literal(*found));
    if (!take(")")) return wrong("a ')' is expected here");
    return node;
  }

  Result<FilterNode> comparison() {
    const FilterableField* found = TRY(field());
    static constexpr std::pair<std::string_view, FilterVerb> verbs[] = {
        {"eq", FilterVerb::eq}, {"ne", FilterVerb::ne}, {"lt", FilterVerb::lt},
        {"le", FilterVerb::le}, {"gt", FilterVerb::gt}, {"ge", FilterVerb::ge}};
    for (const auto& [word, verb] : verbs) {
      if (!take_word(word)) continue;
      if (!found->order && verb != FilterVerb::eq && verb != FilterVerb::ne)
        return wrong(fmt::format("{} can be compared by eq and ne only", found->name));
      engine::FilterLiteral value = TRY(literal(*found));
      if (found->type == FieldType::flag)
        return flag_comparison(verb, *found, std::get<bool>(value));
      if (found->type == FieldType::start_task)
        return start_task_comparison(verb, *found, std::get<std::string>(value));
      // What has not happened yet is stored as the first of all times, and is not before any.
      if (found->type == FieldType::time && (verb == FilterVerb::lt || verb == FilterVerb::le)) {
        FilterNode happened{.verb = FilterVerb::both, .field = {}, .literal = {}, .children = {}};
        happened.children.push_back(comparison_of(FilterVerb::gt, found->place, Time()));
        happened.children.push_back(comparison_of(verb, found->place, std::move(value)));
        return happened;
      }
      return comparison_of(verb, found->place, std::move(value));
    }
    return wrong("one of eq, ne, lt, le, gt, ge is expected here");
  }

  Result<std::string> quoted() {
    std::string value;
    while (at_ < text_.size()) {
      if (text_[at_] == '\'') {
        ++at_;
        if (at_ >= text_.size() || text_[at_] != '\'') return value;
      }
      if (value.size() == literal_max)
        return wrong(fmt::format("a text in quotes has at most {} bytes", literal_max));
      value += text_[at_++];
    }
    return wrong("a ' that ends the text is missing");
  }

  Result<engine::FilterLiteral> literal(const FilterableField& wanted) {
    skip_blanks();
    const std::size_t start = at_;
    if (wanted.type == FieldType::time && take_word("datetime")) {
      if (!take("'")) return wrong("a time is written DateTime'2026-11-24T09:30:00Z'");
      const std::string text = TRY(quoted());
      std::optional<Time> time = parse_iso8601(text);
      if (!time) time = parse_http_date(text);
      if (time) return engine::FilterLiteral(*time);
      at_ = start;
      return wrong("this is no time; one is written DateTime'2026-11-24T09:30:00Z'");
    }
    if ((wanted.type == FieldType::text || wanted.type == FieldType::start_task) && take("'"))
      return engine::FilterLiteral(TRY(quoted()));
    if (wanted.type == FieldType::flag && take_word("true")) return engine::FilterLiteral(true);
    if (wanted.type == FieldType::flag && take_word("false")) return engine::FilterLiteral(false);
    if (wanted.type == FieldType::number) {
      take("-");
      while (at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
      if (const std::optional<std::int64_t> number =
              parse_integer(text_.substr(start, at_ - start)))
        return engine::FilterLiteral(*number);
      at_ = start;
    }
    static constexpr std::string_view kinds[] = {
        "a text in single quotes", "a whole number", "true or false",
        "a time: DateTime'2026-11-24T09:30:00Z'", "a text in single quotes"};
    return wrong(
        fmt::format("{} is compared with {}", wanted.name, kinds[static_cast<int>(wanted.type)]));
  }

  std::string_view text_;
  std::span<const FilterableField> fields_;
  std::size_t at_ = 0;
};

}  // namespace

Result<FilterNode> parse_filter(std::string_view text, std::span<const FilterableField> fields) {
  return Parser(text, fields).whole();
}

}  // namespace batchyard::service
