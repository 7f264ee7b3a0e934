#include "apps/cli/completion.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <vector>

#include "base/text.h"

namespace batchyard::cli {

namespace {

// What may stand next: a verb, an option, or one of the words that a place takes.
struct Candidate {
  std::string word;
  std::string about;
};

// The words that a place takes are in its check's description: "{table,json}".
std::vector<std::string> choices_of(const CLI::Option& option) {
  std::vector<std::string> choices;
  // CLI11 gives checks to those who may change the option only.
  auto& open = const_cast<CLI::Option&>(option);
  std::string listed;
  try {
    listed = open.get_validator(0)->get_description();
  } catch (const CLI::OptionNotFound&) {
    return choices;
  }
  if (!listed.starts_with('{') || !listed.ends_with('}')) return choices;
  for (const std::string_view choice :
       split(std::string_view(listed).substr(1, listed.size() - 2), ','))
    choices.emplace_back(choice);
  return choices;
}

std::vector<const CLI::App*> verbs_of(const CLI::App& command) {
  return command.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<Candidate> candidates_of(const CLI::App& command) {
  std::vector<Candidate> candidates;
  for (const CLI::App* verb : verbs_of(command))
    candidates.push_back({verb->get_name(), verb->get_description()});
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_positional())
      for (const std::string& choice : choices_of(*option)) candidates.push_back({choice, ""});
    for (const std::string& name : option->get_lnames())
      candidates.push_back({"--" + name, option->get_description()});
  }
  return candidates;
}

std::string words_of(const CLI::App& command) {
  std::vector<std::string> words;
  for (const Candidate& candidate : candidates_of(command)) words.push_back(candidate.word);
  return join(words, " ");
}

// A shell's `case` over the word at a place, and within it over the next one where verbs have
// verbs. `word_at` writes "the word at that place" in the shell's language, `offer` what offers
// words.
struct Shell {
  std::function<std::string(int)> word_at;
  std::function<std::string(const CLI::App&)> offer;
};

std::string cases(const CLI::App& command, const Shell& shell, int place) {
  std::string text = fmt::format("case \"{}\" in\n", shell.word_at(place));
  for (const CLI::App* verb : verbs_of(command))
    text +=
        fmt::format("{0}) {1} ;;\n", verb->get_name(),
                    verbs_of(*verb).empty() ? shell.offer(*verb) : cases(*verb, shell, place + 1));
  return text + fmt::format("*) {} ;;\nesac", shell.offer(command));
}

std::string bash_script(const CLI::App& program) {
  const Shell bash{
      [](int place) {
        // The word that is being written decides nothing yet.
        return fmt::format("$([ $COMP_CWORD -gt {0} ] && echo \"${{COMP_WORDS[{0}]}}\")", place);
      },
      [](const CLI::App& command) { return fmt::format("words=\"{}\"", words_of(command)); }};
  return fmt::format(
      "# bash completion for batchyard: eval \"$(batchyard completion bash)\"\n"
      "_batchyard() {{\nlocal words\n{}\n"
      "COMPREPLY=($(compgen -W \"$words\" -- \"${{COMP_WORDS[COMP_CWORD]}}\"))\n}}\n"
      "complete -o default -F _batchyard batchyard\n",
      cases(program, bash, 1));
}

// Within '…' of zsh and fish.
std::string one_quoted(std::string text, const std::string& quote) {
  for (std::size_t at = text.find('\''); at != std::string::npos;
       at = text.find('\'', at + quote.size()))
    text.replace(at, 1, quote);
  return "'" + text + "'";
}

std::string zsh_offer(const CLI::App& command) {
  std::string text = "offered=(";
  for (const Candidate& candidate : candidates_of(command))
    text += one_quoted(
                candidate.about.empty() ? candidate.word : candidate.word + ":" + candidate.about,
                "'\\''") +
            " ";
  return text + ")";
}

std::string zsh_script(const CLI::App& program) {
  const Shell zsh{[](int place) {
                    return fmt::format("$( (( CURRENT > {0} )) && echo \"$words[{0}]\" )",
                                       place + 1);
                  },
                  zsh_offer};
  return fmt::format(
      "#compdef batchyard\n"
      "# zsh completion for batchyard: batchyard completion zsh > \"${{fpath[1]}}/_batchyard\"\n"
      "_batchyard() {{\nlocal -a offered\n{}\n"
      "_describe 'batchyard' offered || _files\n}}\ncompdef _batchyard batchyard\n",
      cases(program, zsh, 1));
}

std::string fish_lines(const CLI::App& command, const std::string& condition) {
  std::string text;
  const std::string start = fmt::format("complete -c batchyard -n \"{}\"", condition);
  for (const CLI::Option* option : command.get_options()) {
    const std::vector<std::string> choices = choices_of(*option);
    std::string line;
    for (const std::string& name : option->get_lnames()) line += " -l " + name;
    for (const std::string& name : option->get_snames()) line += " -s " + name;
    if (option->get_items_expected_max() > 0 && !option->get_positional()) line += " -r";
    if (!choices.empty()) line += fmt::format(" -f -a \"{}\"", join(choices, " "));
    if (!line.empty() && !option->get_description().empty())
      line += " -d " + one_quoted(option->get_description(), "\\'");
    if (!line.empty()) text += start + line + "\n";
  }
  return text;
}

std::string fish_script(const CLI::App& program) {
  std::string text = "# fish completion for batchyard: batchyard completion fish | source\n";
  const auto verbs = [&](const CLI::App& command, const std::string& condition) {
    std::vector<std::string> names;
    for (const CLI::App* verb : verbs_of(command)) names.push_back(verb->get_name());
    for (const CLI::App* verb : verbs_of(command))
      text += fmt::format(
          "complete -c batchyard -f -n \"{}not __fish_seen_subcommand_from {}\" -a {} -d {}\n",
          condition, join(names, " "), verb->get_name(),
          one_quoted(verb->get_description(), "\\'"));
  };
  verbs(program, "");
  for (const CLI::App* verb : verbs_of(program)) {
    const std::string seen = "__fish_seen_subcommand_from " + verb->get_name();
    verbs(*verb, seen + "; and ");
    text += fish_lines(*verb, seen);
    for (const CLI::App* below : verbs_of(*verb))
      text += fish_lines(*below, seen + "; and __fish_seen_subcommand_from " + below->get_name());
  }
  return text;
}

}  // namespace

std::string completion_script(const std::string& shell, const CLI::App& program) {
  if (shell == "bash") return bash_script(program);
  if (shell == "zsh") return zsh_script(program);
  return shell == "fish" ? fish_script(program) : "";
}

}  // namespace batchyard::cli
