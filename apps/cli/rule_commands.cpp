#include "apps/cli/rule_commands.h"

#include <memory>

#include "apps/cli/catalogue.h"

namespace batchyard::cli {

namespace {

constexpr const char* catalogue_footer = R"(Examples:
  batchyard catalogue sizes NC --rdma             RDMA sizes of the NC series
  batchyard catalogue sizes "NC6 Standard"        one size, as a person writes it
  batchyard catalogue sizes --gpu --cores 40 -o json
  batchyard catalogue images --os linux --with cuda --with docker
  batchyard catalogue images "CentOS-HPC 7.4"
  batchyard catalogue retirements --after 2026-11-24 --before 2028-01-01

Words choose: any of them has to fit. Exit codes: 0 something fits, 1 nothing does, 2 wrong usage.)";

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
  CLI::App* images = add("images", "images: node agent, and what is installed", show_images);
  images->add_option("--os", options.os, "linux or windows")
      ->check(CLI::IsMember({"linux", "windows"}));
  images->add_option("--with", options.software,
                     "cuda, grid, rdma, rdma:sriov, intel-mpi, mpi, docker, nvidia-containers");
  CLI::App* ends = add("retirements", "what Azure ends, and when", show_retirements);
  ends->add_option("--before", options.before, "a day: 2027-01-01");
  ends->add_option("--after", options.after, "a day");
}

}  // namespace

void add_rule_commands(CLI::App& program, int& code) {
  add_catalogue(program, code);
}

}  // namespace batchyard::cli
