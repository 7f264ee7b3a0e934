#include "apps/cli/lint.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "apps/cli/catalogue.h"
#include "apps/cli/exit_code.h"
#include "apps/cli/lint_report.h"
#include "apps/server/catalogue_file.h"
#include "base/time.h"
#include "edge/clock/clock.h"

namespace batchyard::cli {

namespace {

constexpr int steps_max = 200;  // of one file's mending

Result<std::string> text_of(const std::string& name) {
  if (name.ends_with(".bicep"))
    return fail(Kind::invalid, "",
                fmt::format("{} is Bicep: make JSON of it (az bicep build --file {}) and give that",
                            name, name));
  std::error_code error;
  if (std::filesystem::is_directory(name, error))
    return fail(Kind::invalid, "", fmt::format("{} is a directory: give the files in it", name));
  std::ifstream file;
  if (name != "-") file.open(name, std::ios::binary);
  std::istream& source = name == "-" ? std::cin : file;
  if (!source)
    return fail(Kind::invalid, "", fmt::format("{} cannot be read: {}", name, strerror(errno)));
  // One more than what is taken tells that it is too much.
  std::string text(edge::definition_max + 1, '\0');
  source.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(source.gcount()));
  return text;
}

// Whole or not at all.
Result<> write_back(const std::string& name, const std::string& text) {
  const std::string beside = name + ".new";
  {
    std::ofstream file(beside, std::ios::binary | std::ios::trunc);
    if (!(file << text).flush())
      return fail(Kind::invalid, "", fmt::format("{} cannot be written", beside));
  }
  if (rename(beside.c_str(), name.c_str()) != 0)
    return fail(Kind::invalid, "", fmt::format("{} cannot be replaced", name));
  return Done();
}

Result<> judge(LintedFile& file, const std::string& text, const LintOptions& options,
               const preflight::Circumstances& circumstances) {
  Result<edge::DefinitionText> read = edge::read_definition(text);
  if (!read) return fail(Kind::invalid, "", file.name + ": " + read.error().message);
  file.text = *std::move(read);
  file.findings.clear();
  file.definitions.clear();
  file.pools = preflight::pools_in(file.text.value, circumstances);
  if (file.pools.empty())
    return fail(Kind::invalid, "",
                fmt::format("{} has no pool: give the data plane's JSON, an ARM resource or "
                            "template, a template of the Batch CLI, or Batch Shipyard's "
                            "pool.yaml",
                            file.name));
  for (std::size_t at = 0; at < file.pools.size(); ++at) {
    file.definitions.emplace_back(file.pools[at].pool, file.pools[at].circumstances);
    for (preflight::Finding& finding : preflight::findings_of(file.definitions.back())) {
      if (options.notes || finding.rule->severity != preflight::Severity::note)
        file.findings.push_back({at, std::move(finding)});
    }
  }
  return Done();
}

// A finding at a time: what mends one may be the end of another.
Result<> mend(LintedFile& file, std::string text, const LintOptions& options,
              const preflight::Circumstances& circumstances) {
  if (file.text.commented) {
    if (!file.findings.empty())
      fmt::print(stderr,
                 "{}: it is JSON with comments, which mending would lose: change it by hand\n",
                 file.name);
    return Done();
  }
  const std::string before = text;
  std::size_t passed = 0;  // findings that cannot be mended
  std::set<std::string> seen = {text};
  for (int steps = 0; steps < steps_max && passed < file.findings.size(); ++steps) {
    const LintedFile::Found& found = file.findings[passed];
    std::string next = text;
    bool fits = !found.finding.patch.empty();
    if (fits) {
      for (const boost::json::value& step :
           file.pools[found.pool].patch_of(found.finding, file.text.value)) {
        Result<std::string> made = edge::patched(next, step.as_object());
        if (!made) fmt::print(stderr, "{}: {}\n", file.name, made.error().message);
        fits = fits && made.has_value();
        if (!fits) break;
        next = *std::move(made);
      }
    }
    if (!fits) {
      ++passed;
      continue;
    }
    const preflight::Rule* rule = found.finding.rule;
    const std::string place = file.pointer_of(found);
    const std::string value = found.finding.value;
    const std::string wrong = found.finding.wrong;
    TRY(judge(file, next, options, circumstances));
    const bool gone = std::ranges::none_of(file.findings, [&](const LintedFile::Found& one) {
      return one.finding.rule == rule && file.pointer_of(one) == place &&
             one.finding.value == value && one.finding.wrong == wrong;
    });
    // No cure, or one that another has undone: the file stays as it was.
    if (!gone || !seen.insert(next).second) {
      TRY(judge(file, text, options, circumstances));
      ++passed;
      continue;
    }
    ++file.mended;
    passed = 0;
    text = std::move(next);
  }
  if (text == before) return Done();
  if (file.name == "-") {
    fmt::print("{}", text);
    return Done();
  }
  return write_back(file.name, text);
}

void print_summary(const std::deque<LintedFile>& files, const LintOptions& options) {
  int counts[3] = {};
  std::size_t pools = 0;
  int mended = 0;
  for (const LintedFile& file : files) {
    pools += file.pools.size();
    mended += file.mended;
    for (const LintedFile::Found& found : file.findings)
      ++counts[static_cast<int>(found.finding.rule->severity)];
  }
  fmt::print(stderr, "{} errors, {} warnings{} in {} pools{}{}\n", counts[0], counts[1],
             options.notes ? fmt::format(", {} notes", counts[2]) : "", pools,
             mended > 0 ? fmt::format("; {} were mended", mended) : "",
             options.date.empty() ? ". What Azure has ended counts with --date today." : ".");
}

bool is_day(const std::string& text) {
  return text.size() == 10 && parse_iso8601(text + "T00:00:00Z").has_value();
}

}  // namespace

int lint(const LintOptions& options) {
  preflight::Circumstances circumstances;
  circumstances.date =
      options.date == "today" ? to_iso8601(edge::now()).substr(0, 10) : options.date;
  if (!circumstances.date.empty() && !is_day(circumstances.date)) {
    fmt::print(stderr, "batchyard: --date {} is no day: write today, or 2026-11-24\n",
               options.date);
    return ExitCode::usage;
  }
  const Result<Catalogue> catalogue = server::open_catalogue(options.catalogue);
  if (!catalogue) return report(catalogue.error()), ExitCode::usage;
  circumstances.catalogue = &*catalogue;
  std::deque<LintedFile> files;
  bool found = false;
  bool unread = false;
  for (const std::string& name : options.files) {
    LintedFile& file = files.emplace_back();
    file.name = name;
    const auto run = [&]() -> Result<> {
      const std::string text = TRY(text_of(name));
      TRY(judge(file, text, options, circumstances));
      file.tried = options.fix;
      if (options.fix) TRY(mend(file, text, options, circumstances));
      return Done();
    };
    if (const Result<> done = run(); !done) {
      fmt::print(stderr, "batchyard: {}\n", done.error().message);
      unread = true;
    }
    for (const LintedFile::Found& one : file.findings)
      found = found || one.finding.rule->severity != preflight::Severity::note;
  }
  const bool to_pipe = options.fix && options.files == std::vector<std::string>{"-"};
  const std::string text = options.output == "json"    ? lint_json(files)
                           : options.output == "sarif" ? lint_sarif(files)
                                                       : lint_text(files);
  fmt::print(to_pipe ? stderr : stdout, "{}", text);
  if (options.output == "text") print_summary(files, options);
  return unread ? ExitCode::usage : found ? ExitCode::failed : ExitCode::done;
}

}  // namespace batchyard::cli
