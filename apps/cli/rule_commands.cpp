#include "apps/cli/rule_commands.h"

#include <memory>

#include "apps/cli/catalogue.h"
#include "apps/cli/lint.h"

namespace batchyard::cli {

namespace {

constexpr const char* catalogue_footer = R"(Examples:
  batchyard catalogue sizes NC --rdma             RDMA sizes of the NC series
  batchyard catalogue sizes "NC6 Standard"        one size, as a person writes it
  batchyard catalogue sizes --gpu --cores 40 -o json
  batchyard catalogue images --os linux --with cuda --with docker
  batchyard catalogue images "CentOS-HPC 7.4"
  batchyard catalogue rules start-task            what is looked for in start tasks
  batchyard catalogue retirements --after 2026-11-24 --before 2028-01-01

Words choose: any of them has to fit. Exit codes: 0 something fits, 1 nothing does, 2 wrong usage.)";

constexpr const char* lint_footer = R"(Examples:
  batchyard lint pool.json                    a pool as the data plane takes it
  batchyard lint main.json config/pool.yaml   ARM templates and Batch Shipyard's files are known, too
  batchyard lint --fix pool.json              mend what can be mended; the rest is told
  batchyard lint --date today -o sarif *.json > findings.sarif
  az batch pool show --pool-id p | batchyard lint -

Exit codes: 0 nothing is wrong, or all was mended; 1 something is wrong; 2 wrong usage, or a file cannot be read or has
no pool. docs/rules.md lists the rules.)";

struct CatalogueWords {
  CatalogueOptions options;
  std::string output = "table";
};

void add_catalogue(CLI::App& program, int& code) {
  const auto words = std::make_shared<CatalogueWords>();
  CLI::App* parent = program.add_subcommand(
      "catalogue", "sizes, images and retirements that pools are judged by (docs/catalogue.md)");
  parent->require_subcommand(1);
  parent->footer(catalogue_footer);
  const auto add = [&](const char* name, const char* help, auto show) {
    CLI::App* verb = parent->add_subcommand(name, help);
    verb->add_option("words", words->options.words, "names, series, or parts of names");
    verb->add_option("--catalogue", words->options.file, "an operator's file, laid over ours")
        ->check(CLI::ExistingFile);
    verb->add_option("-o,--output", words->output, "table or json")
        ->check(CLI::IsMember({"table", "json"}))
        ->capture_default_str();
    verb->callback([words, &code, show] {
      code = show(words->options, words->output == "json" ? Output::json : Output::table);
    });
    return verb;
  };
  CatalogueOptions& options = words->options;
  CLI::App* sizes = add("sizes", "machine sizes: cores, memory, GPUs, RDMA", show_sizes);
  sizes->add_flag("--gpu", options.gpu, "those with GPUs");
  sizes->add_flag("--rdma", options.rdma, "those with RDMA");
  sizes->add_flag("--cloud-services", options.cloud_services, "those of Cloud Services");
  sizes->add_option("--cores", options.cores_min, "at least so many cores");
  CLI::App* rules = add("rules", "what pools are judged by: each with its source", show_rules);
  rules->add_option("--severity", options.severity, "error, warning or note")
      ->check(CLI::IsMember({"error", "warning", "note"}));
  CLI::App* images = add("images", "images: node agent, and what is installed", show_images);
  images->add_option("--os", options.os, "linux or windows")
      ->check(CLI::IsMember({"linux", "windows"}));
  images->add_option("--with", options.software,
                     "cuda, grid, rdma, rdma:sriov, intel-mpi, mpi, docker, nvidia-containers");
  CLI::App* ends = add("retirements", "what Azure ends, and when", show_retirements);
  ends->add_option("--before", options.before, "a day: 2027-01-01");
  ends->add_option("--after", options.after, "a day");
}

void add_lint(CLI::App& program, int& code) {
  const auto options = std::make_shared<LintOptions>();
  CLI::App* command = program.add_subcommand(
      "lint", "what is wrong with the pools of files, before anything is allocated (docs/lint.md)");
  command->footer(lint_footer);
  command->add_option("files", options->files, "JSON or YAML; - is standard input")->required();
  command->add_flag("--fix", options->fix, "mend what can be mended, in the files");
  command->add_flag("--notes", options->notes, "also what works and could be better");
  command->add_option("--date", options->date,
                      "today, or a day: what has Azure ended by then, and what does it end soon?");
  command->add_option("--catalogue", options->catalogue, "an operator's file, laid over ours")
      ->check(CLI::ExistingFile);
  command->add_option("-o,--output", options->output, "text, json or sarif")
      ->check(CLI::IsMember({"text", "json", "sarif"}))
      ->capture_default_str();
  command->callback([options, &code] { code = lint(*options); });
}

}  // namespace

void add_rule_commands(CLI::App& program, int& code) {
  add_catalogue(program, code);
  add_lint(program, code);
}

}  // namespace batchyard::cli
