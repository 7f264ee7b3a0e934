#include <fmt/format.h>

#include <boost/json.hpp>
#include <regex>

#include "base/text.h"
#include "testing/golden_text.h"

namespace batchyard::testing::golden {

namespace json = boost::json;

namespace {

constexpr std::size_t line_max = 96;

// Objects and arrays that fit a line stay on it.
void print(const json::value& value, std::size_t indent, std::string& to) {
  const std::string whole = json::serialize(value);
  if (whole.size() + indent <= line_max || !(value.is_object() || value.is_array())) {
    to += whole;
    return;
  }
  const std::string margin(indent + 2, ' ');
  std::size_t left = value.is_object() ? value.get_object().size() : value.get_array().size();
  const auto item = [&](const std::string& name, const json::value& one) {
    to += margin + name;
    print(one, indent + 2, to);
    to += --left == 0 ? "\n" : ",\n";
  };
  to += value.is_object() ? "{\n" : "[\n";
  if (value.is_object()) {
    for (const auto& member : value.get_object())
      item(json::serialize(json::value(member.key())) + ": ", member.value());
  } else {
    for (const json::value& one : value.get_array()) item("", one);
  }
  to += std::string(indent, ' ') + (value.is_object() ? "}" : "]");
}

std::string steady(std::string text) {
  static const std::pair<std::regex, const char*> changes[] = {
      {std::regex("0x8D[0-9A-F]{12}"), "0x8D*"},
      {std::regex(R"(\\nRequestId:[-0-9a-f]+\\nTime:[-:.0-9TZ]+)"), "\\nRequestId:*\\nTime:*"}};
  for (const auto& [from, into] : changes) text = std::regex_replace(text, from, into);
  return text;
}

void take_request_line(Exchange& exchange, std::string_view line, bool& in_body) {
  if (in_body) {
    exchange.body += std::string(line) + "\n";
  } else if (line.starts_with("!")) {
    exchange.actions.emplace_back(trim(line.substr(1)));
  } else if (line.starts_with("#") || line.empty()) {
    return;
  } else if (exchange.verb.empty()) {
    const std::size_t blank = line.find(' ');
    exchange.verb = line.substr(0, blank);
    exchange.target = line.substr(blank + 1);
  } else if (line.starts_with("{") || line.starts_with("[")) {
    in_body = true;
    exchange.body = std::string(line) + "\n";
  } else {
    const std::size_t colon = line.find(':');
    exchange.headers.push_back(
        {std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1)))});
  }
}

std::string trimmed_end(std::string text) {
  while (text.ends_with("\n")) text.pop_back();
  return text;
}

}  // namespace

std::vector<Exchange> parse(const std::string& text) {
  std::vector<Exchange> exchanges(1);
  bool after = false;
  bool in_body = false;
  for (const std::string_view line : split(text, '\n')) {
    Exchange& last = exchanges.back();
    if (line == "====") {
      exchanges.emplace_back();
      after = in_body = false;
    } else if (after) {
      last.answer += std::string(line) + "\n";
    } else if (line == "----") {
      after = true;
    } else {
      last.head += std::string(line) + "\n";
      take_request_line(last, line, in_body);
    }
  }
  for (Exchange& exchange : exchanges) {
    exchange.answer = trimmed_end(std::move(exchange.answer));
    exchange.body = trimmed_end(std::move(exchange.body));
  }
  return exchanges;
}

std::string write(const std::vector<Exchange>& exchanges) {
  std::string text;
  for (const Exchange& exchange : exchanges) {
    if (!text.empty()) text += "====\n";
    text += trimmed_end(exchange.head) + "\n";
    if (!exchange.verb.empty()) text += "----\n" + exchange.answer + "\n";
  }
  return text;
}

std::string version_in(const std::string& target) {
  const std::size_t at = target.find("api-version=");
  if (at == std::string::npos) return {};
  const std::string rest = target.substr(at + 12);
  return rest.substr(0, rest.find('&'));
}

std::string text_of(const HttpResponse& response, const json::value& body) {
  std::string text = fmt::format("{}\n", response.status);
  for (const HttpHeader& header : response.headers) {
    const std::string name = fold(header.name);
    if (name == "etag" || name == "last-modified" || name == "location" ||
        name == "dataserviceid" || name == "retry-after" || name == "azure-asyncoperation" ||
        name.starts_with("ocp-"))
      text += fmt::format("{}: {}\n", header.name, header.value);
  }
  if (response.source) {
    text += fmt::format("{} bytes\n", response.source_length);
  } else if (!body.is_null()) {
    print(body, 0, text);
  } else {
    text += response.body;
  }
  return trimmed_end(steady(std::move(text)));
}

namespace {

// The envelope of errors, member by member (wire conventions, section 6).
bool is_envelope(const json::value& body) {
  static const std::regex text(R"([^\n]+(\n[^\n]+)*\nRequestId:[-0-9a-f]{36}\nTime:\S+Z)");
  const json::object* error = body.if_object();
  if (error == nullptr || error->size() > 4 || !error->contains("code")) return false;
  const json::value* message = error->if_contains("message");
  const json::value* values = error->if_contains("values");
  return error->begin()->key() == "odata.metadata" &&
         error->begin()->value() ==
             "https://yard.example/$metadata#Microsoft.Azure.Batch.Protocol.Entities."
             "Container.errors/@Element" &&
         error->size() == (values == nullptr ? 3 : 4) && message != nullptr &&
         message->as_object().size() == 2 && message->at("lang") == "en-US" &&
         std::regex_match(std::string(message->at("value").as_string()), text) &&
         (values == nullptr || !values->as_array().empty());
}

}  // namespace

std::string short_answer(const HttpResponse& response, const json::value& body) {
  std::string text = fmt::format("{}", response.status);
  if (body.is_null() || response.status < 300) return text;
  if (!is_envelope(body)) return text_of(response, body);
  text += fmt::format(" {}\n", std::string_view(body.at("code").as_string()));
  if (const std::string_view after = response.header("Retry-After"); !after.empty())
    text += fmt::format("Retry-After: {}\n", after);
  const std::string message(body.at("message").at("value").as_string());
  text += message.substr(0, message.rfind("\nRequestId:")) + "\n";
  if (const json::value* values = body.as_object().if_contains("values")) {
    for (const json::value& value : values->as_array())
      text += fmt::format("  {}: {}\n", std::string_view(value.at("key").as_string()),
                          std::string_view(value.at("value").as_string()));
  }
  return trimmed_end(steady(std::move(text)));
}

std::string short_text(const std::string& answer) {
  static const std::regex code(R"re("code": ?"([A-Za-z]+)")re");
  const std::string status = answer.substr(0, answer.find('\n'));
  std::smatch found;
  if (status.starts_with("2") || !std::regex_search(answer, found, code)) return status;
  return status + " " + found[1].str();
}

}  // namespace batchyard::testing::golden
