// The words of a start task's command line as the node reads them: quotes, what a shell is given,
// files that are there and not found.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "preflight/rule.h"

namespace batchyard::preflight {

namespace {

const std::string told_at = "startTask/commandLine";
const char* const lines_api = "BatchService.json";

using Words = std::vector<std::string>;

struct Typographic {
  std::string_view text;
  char plain;
};
// Quotes that word processors make, and the dash that they make of a hyphen.
constexpr std::array<Typographic, 5> typographic = {
    {{"‘", '\''}, {"’", '\''}, {"“", '"'}, {"”", '"'}, {"–", '-'}}};

bool is_shell(std::string_view word) {
  const std::string_view name = word.substr(word.rfind('/') + 1);
  return name == "sh" || name == "bash" || name == "dash" || name == "zsh";
}

// Where the script of `sh -c` stands among the words; 0: there is none.
std::size_t script_at(const Words& words) {
  if (words.empty() || !is_shell(words[0])) return 0;
  for (std::size_t at = 1; at + 1 < words.size(); ++at) {
    if (!words[at].starts_with('-') || words[at].starts_with("--")) break;
    if (words[at].ends_with('c')) return at + 1;
  }
  return 0;
}

bool has_blank(std::string_view word) {
  return word.find_first_of(" \t\n") != std::string_view::npos;
}

// What a typographic sign at the start of a word was meant to be; inside one it is only text.
std::string with_plain_quotes(const std::string& line) {
  bool starts_one = false;
  for (const Typographic& sign : typographic) {
    const std::size_t at = line.find(sign.text);
    starts_one = starts_one || (at != std::string::npos &&
                                (at == 0 || line[at - 1] == ' ' || line[at - 1] == '='));
  }
  if (!starts_one) return line;
  std::string plain = line;
  for (const Typographic& sign : typographic) {
    for (std::size_t at = plain.find(sign.text); at != std::string::npos;
         at = plain.find(sign.text))
      plain.replace(at, sign.text.size(), 1, sign.plain);
  }
  return plain;
}

void find_open_quote(const Definition& pool, Report& report) {
  const std::string line = pool.text(told_at);
  if (!pool.on_linux() || line.empty()) return;
  const std::optional<Words> words = split_command_line(line);
  if (!words) {
    report.at(told_at,
              "A quote is left open, and the command cannot be started. Close it; an apostrophe "
              "inside '…' is written '\\''.");
    return;
  }
  const std::size_t at = script_at(*words);
  if (at == 0) return;
  const std::string& script = (*words)[at];
  // Comments and texts that follow << have quotes of their own.
  if (script.find('#') == std::string::npos && script.find("<<") == std::string::npos &&
      !split_command_line(script))
    report.at(told_at, "The shell's script leaves a quote open, and the shell refuses it.");
}

void find_script_of_one_word(const Definition& pool, Report& report) {
  const std::optional<Words> words = split_command_line(pool.text(told_at));
  const std::size_t at = pool.on_linux() && words ? script_at(*words) : 0;
  if (at == 0 || at + 1 == words->size()) return;
  const std::string& script = (*words)[at];
  if (has_blank(script) || script.find_first_of("@*") != std::string::npos ||
      script.find("$0") != std::string::npos || script.find("$1") != std::string::npos)
    return;
  Finding& finding =
      report.at(told_at, fmt::format("The shell runs '{}' alone: what follows is not part of its "
                                     "script. Put the whole script into quotes.",
                                     script));
  const bool is_plain = std::ranges::none_of(*words, [](const std::string& word) {
    return has_blank(word) || word.find_first_of("'\"\\") != std::string::npos;
  });
  if (!is_plain) return;
  const auto middle = words->begin() + static_cast<std::ptrdiff_t>(at);
  finding.set(told_at, fmt::format("{} '{}'", join(Words(words->begin(), middle), " "),
                                   join(Words(middle, words->end()), " ")));
}

// A file of the task that is called as if it were a program of the system.
void find_file_not_in_path(const Definition& pool, Report& report) {
  if (!pool.on_linux()) return;
  std::set<std::string> files;
  for (std::size_t at = 0; at < pool.count("startTask/resourceFiles"); ++at)
    files.insert(pool.text(fmt::format("startTask/resourceFiles/{}/filePath", at)));
  files.erase("");  // of containers: their files have names of their own
  const std::optional<Words> words = split_command_line(pool.text(told_at));
  if (files.empty() || !words || words->empty()) return;
  const std::size_t at = script_at(*words);
  std::string script = at > 0 ? (*words)[at] : words->front();
  std::ranges::replace_if(
      script, [](char letter) { return letter == ';' || letter == '&' || letter == '|'; }, '\n');
  for (const std::string_view part : split(script, '\n')) {
    const std::string_view call = trim(part);
    const std::string name(call.substr(0, call.find(' ')));
    if (name.find('/') == std::string::npos && files.contains(name))
      report.at(told_at, fmt::format("'{0}' is looked for in PATH, where the working directory is "
                                     "not. Write ./{0}.",
                                     name));
  }
}

void find_unexpanded(const Definition& pool, Report& report) {
  for (std::size_t at = 0; at < pool.count("startTask/environmentSettings"); ++at) {
    const std::string path = fmt::format("startTask/environmentSettings/{}/value", at);
    const std::string value = pool.text(path);
    for (const std::string_view variable :
         {"$PATH", "${PATH}", "$LD_LIBRARY_PATH", "${LD_LIBRARY_PATH}", "$HOME", "${HOME}",
          "$AZ_BATCH_", "${AZ_BATCH_"}) {
      if (!pool.on_linux() || value.find(variable) == std::string::npos) continue;
      report.at(path,
                "Values are set as they are written: no variable in them is replaced. Set it in "
                "the command: /bin/bash -c 'export NAME=…; …'.");
      break;
    }
  }
}

}  // namespace

std::vector<Rule> line_rules() {
  using enum Severity;
  return {
      {"command-open-quote", warning, lines_api,
       "The node cuts a command line into words by its quotes.", find_open_quote},
      {"command-typographic-quotes", warning, lines_api,
       "Shells know ' and \", not the quotes that word processors make of them.",
       [](const Definition& pool, Report& report) {
         const std::string line = pool.text(told_at);
         const std::string plain = with_plain_quotes(line);
         if (plain != line)
           report
               .at(told_at,
                   "It has typographic quotes or dashes, as text that was copied from a "
                   "document. Write ', \" and -.")
               .set(told_at, plain);
       }},
      {"command-script-of-one-word", warning, "sh(1)",
       "The script of `sh -c` is the one word after it.", find_script_of_one_word},
      {"command-file-not-in-path", warning, lines_api,
       "A resource file lies in the working directory, which is not in PATH.",
       find_file_not_in_path},
      {"environment-not-expanded", warning, lines_api,
       "The value of an environment setting is no shell line.", find_unexpanded},
  };
}

}  // namespace batchyard::preflight
