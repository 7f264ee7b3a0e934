#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "node/extensions.h"

namespace batchyard::node {

namespace {

namespace json = boost::json;
using protocol::Extension;
using protocol::ExtensionReport;
using protocol::ExtensionState;

constexpr std::string_view hidden_mark = "***";
// Shorter texts stand in every output.
constexpr std::size_t hidden_text_min = 4;

bool is_through(const ExtensionReport& report) {
  return report.state == ExtensionState::succeeded || report.state == ExtensionState::notrun;
}

// Every text among the values.
void collect_texts(const json::value& value, std::vector<std::string>& texts) {
  if (value.is_string()) {
    // A key of many lines may be written line by line.
    for (const std::string_view line : split(std::string_view(value.get_string()), '\n'))
      texts.emplace_back(trim(line));
  } else if (value.is_array()) {
    for (const json::value& one : value.get_array()) collect_texts(one, texts);
  } else if (value.is_object()) {
    for (const auto& member : value.get_object()) collect_texts(member.value(), texts);
  }
}

void hide(std::string& said, std::string_view secret) {
  for (std::size_t at = said.find(secret); at != std::string::npos;
       at = said.find(secret, at + hidden_mark.size()))
    said.replace(at, secret.size(), hidden_mark);
}

}  // namespace

std::vector<ExtensionReport> first_reports(const std::vector<Extension>& extensions,
                                           const std::vector<ExtensionReport>& before) {
  std::vector<ExtensionReport> reports;
  for (const Extension& extension : extensions) {
    ExtensionReport report{
        .name = extension.name, .publisher = extension.publisher, .type = extension.type};
    const auto known = std::ranges::find_if(before, [&](const ExtensionReport& one) {
      return same_folded(one.name, extension.name) && same_folded(one.type, extension.type) &&
             same_folded(one.publisher, extension.publisher);
    });
    if (known != before.end() && known->state == ExtensionState::succeeded)
      report = *known;
    else if (extension.script.empty())
      report.state = ExtensionState::notrun;
    else if (known != before.end() && known->state == ExtensionState::restarting)
      report.runs = known->runs;
    reports.push_back(std::move(report));
  }
  return reports;
}

std::optional<std::size_t> next_extension(const std::vector<Extension>& extensions,
                                          const std::vector<ExtensionReport>& reports) {
  const auto waits = [&](const std::string& name) {
    return std::ranges::any_of(reports, [&](const ExtensionReport& report) {
      return same_folded(report.name, name) && !is_through(report);
    });
  };
  std::optional<std::size_t> first;
  for (std::size_t at = 0; at < reports.size(); ++at) {
    if (is_through(reports[at])) continue;
    if (std::ranges::none_of(extensions[at].after, waits)) return at;
    if (!first) first = at;
  }
  return first;
}

std::string extension_directory(const Extension& extension) {
  std::string name = extension.name;
  for (char& letter : name) {
    const bool safe = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                      (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
    if (!safe) letter = '_';
  }
  return "extensions/" + (name.empty() ? "_" : name);
}

// The kernel takes a word and, as one, what follows it; so does this.
std::vector<std::string> script_words(std::string_view script, const std::string& path) {
  if (!script.starts_with("#!")) return {"/bin/sh", path};
  const std::string_view line = trim(script.substr(2, script.find('\n') - 2));
  const std::size_t space = line.find_first_of(" \t");
  std::vector<std::string> words{std::string(line.substr(0, space))};
  if (words.front().empty()) return {"/bin/sh", path};
  if (space != std::string_view::npos) words.emplace_back(trim(line.substr(space)));
  words.push_back(path);
  return words;
}

std::string told_output(std::string said, const std::string& protected_settings) {
  std::vector<std::string> secrets;
  boost::system::error_code error;
  const json::value settings = json::parse(protected_settings, error);
  if (!error) collect_texts(settings, secrets);
  // The longest first: one may be a part of another.
  std::ranges::sort(secrets, std::greater(), &std::string::size);
  for (const std::string& secret : secrets) {
    if (secret.size() >= hidden_text_min) hide(said, secret);
  }
  std::string_view end = trim(said);
  if (end.size() > extension_output_max) end = end.substr(end.size() - extension_output_max);
  // The first letter may have been cut in two.
  while (!end.empty() && (static_cast<unsigned char>(end.front()) & 0xC0U) == 0x80U)
    end.remove_prefix(1);
  return readable(end, extension_output_max);
}

std::vector<std::string> simulated_variables(const std::string& settings) {
  std::vector<std::string> variables;
  boost::system::error_code error;
  const json::value value = json::parse(settings, error);
  if (error || !value.is_object()) return variables;
  for (const auto& member : value.get_object()) {
    const std::string_view name = member.key();
    if (name.starts_with("BATCHYARD_SIM_") && member.value().is_string())
      variables.push_back(std::string(name) + "=" + std::string(member.value().get_string()));
  }
  return variables;
}

}  // namespace batchyard::node
