#include "apps/cli/image_commands.h"

#include <memory>

#include "apps/cli/image.h"
#include "apps/cli/on_service.h"

namespace batchyard::cli {

namespace {

constexpr const char* image_footer = R"(Examples:
  batchyard image import gpu --from ./rootfs                          pools name it by virtualMachineImageId: gpu, or …/images/gpu
  batchyard image import gpu --from root.tar.zst --agent 'batch.node.ubuntu 22.04'
  batchyard image bind Canonical/UbuntuServer/16.04-LTS --to host-copy   what its nodes change is their own…
  batchyard image capture gpu --pool prepared                           …and can be made an image
  batchyard image bind OpenLogic/CentOS-HPC/7.4 --to container:quay.io/centos/centos:7)";

struct ImageWords {
  Connection connection;
  ImageOptions options;
  std::string output = "table";
};
using Words = std::shared_ptr<ImageWords>;

CLI::App* add_verb(CLI::App& parent, const char* verb, const char* help, const Words& words,
                   int& code, int (*action)(ApiClient&, const ImageOptions&)) {
  CLI::App* command = parent.add_subcommand(verb, help);
  on_service(*command, words->connection, code,
             [words, action](ApiClient& api) { return action(api, words->options); });
  return command;
}

void add_making(CLI::App& parent, const Words& words, int& code) {
  ImageOptions& options = words->options;
  constexpr const char* name_help = "a name, or an image's whole id: /subscriptions/…/images/NAME";
  CLI::App* import =
      add_verb(parent, "import", "an image from a root file system", words, code, import_image);
  import->add_option("name", options.name, name_help)->required();
  import
      ->add_option("--from", options.from,
                   "a directory, a tar file (also packed), or container:IMAGE of podman")
      ->required();
  CLI::App* capture = add_verb(parent, "capture", "an image from a node that was prepared", words,
                               code, capture_image);
  capture->add_option("name", options.name, name_help)->required();
  capture->add_option("--pool", options.pool, "of the node")->required();
  capture->add_option("--node", options.node, "which one, when it is not the only one");
  capture->add_flag("--whole", options.whole,
                    "all of its root, not only what it differs in from what it booted");
  for (CLI::App* command : {import, capture})
    command->add_option("--agent", options.agent, "nodeAgentSKUId that it fits");
}

void add_bindings(CLI::App& parent, const Words& words, int& code) {
  ImageOptions& options = words->options;
  CLI::App* bind =
      add_verb(parent, "bind", "what nodes of a Marketplace image boot", words, code, bind_image);
  bind->add_option("--to", options.to,
                   "host: this machine's files; host-copy: they, and changes are the node's own; "
                   "an image's name; container:IMAGE")
      ->required();
  CLI::App* unbind = add_verb(parent, "unbind", "as all others again", words, code, unbind_image);
  for (CLI::App* command : {bind, unbind})
    command
        ->add_option("image", options.reference,
                     "PUBLISHER/OFFER/SKU, with or without /VERSION; * is all others")
        ->required();
}

}  // namespace

void add_image_commands(CLI::App& program, int& code) {
  const auto words = std::make_shared<ImageWords>();
  CLI::App* parent =
      program.add_subcommand("image", "root file systems that nodes boot (docs/images.md)");
  parent->require_subcommand(1);
  parent->footer(image_footer);
  add_making(*parent, words, code);
  CLI::App* list =
      parent->add_subcommand("list", "all images, and what Marketplace images are bound to");
  list->add_option("-o,--output", words->output, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  on_service(*list, words->connection, code, [words](ApiClient& api) {
    return list_images(api, words->output == "json" ? Output::json : Output::table);
  });
  CLI::App* remove =
      add_verb(*parent, "remove", "an image that no pool uses", words, code, remove_image);
  remove->add_option("name", words->options.name, "of the image")->required();
  add_bindings(*parent, words, code);
}

}  // namespace batchyard::cli
