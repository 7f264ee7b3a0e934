#include "apps/cli/storage_commands.h"

#include <memory>

#include "apps/cli/storage.h"

namespace batchyard::cli {

namespace {

constexpr const char* storage_footer = R"(Examples:
  batchyard storage container create results
  batchyard storage upload model.bin results/in/         as results/in/model.bin
  batchyard storage ls -r results
  batchyard storage sas results --permissions rwcl       a URL for containerUrl of output files)";

using Words = std::shared_ptr<StorageOptions>;

CLI::App* add_verb(CLI::App& parent, const Words& words, const char* name, const char* help,
                   int& code, int (*act)(const StorageOptions&)) {
  CLI::App* verb = parent.add_subcommand(name, help);
  verb->add_option("--connection-string", words->place.connection_string,
                   "which storage (AZURE_STORAGE_CONNECTION_STRING)");
  verb->add_option("--ca-file", words->place.ca_file,
                   "certificate authority to trust (REQUESTS_CA_BUNDLE)");
  verb->callback([words, &code, act] { code = act(*words); });
  return verb;
}

void add_output(CLI::App& verb, const Words& words) {
  verb.add_option_function<std::string>(
          "-o,--output",
          [words](const std::string& word) {
            words->output = word == "json" ? Output::json : Output::table;
          },
          "table or json")
      ->check(CLI::IsMember({"table", "json"}));
}

void add_containers(CLI::App& parent, const Words& words, int& code) {
  CLI::App* containers = parent.add_subcommand("container", "create, list and delete containers");
  containers->require_subcommand(1);
  add_verb(*containers, words, "create", "an empty one", code, create_container)
      ->add_option("name", words->what, "3 to 63 of a-z, 0-9 and '-'")
      ->required();
  add_verb(*containers, words, "delete", "one with all of its blobs", code, delete_container)
      ->add_option("name", words->what)
      ->required();
  add_output(*add_verb(*containers, words, "list", "all of them", code, list_containers), words);
}

}  // namespace

void add_storage_commands(CLI::App& program, int& code) {
  const auto words = std::make_shared<StorageOptions>();
  CLI::App* parent =
      program.add_subcommand("storage", "containers and blobs of the storage (docs/storage.md)");
  parent->require_subcommand(1);
  parent->footer(storage_footer);
  add_containers(*parent, words, code);
  CLI::App* ls = add_verb(*parent, words, "ls", "the blobs of a container", code, list_blobs);
  ls->add_option("place", words->what, "CONTAINER, or CONTAINER/PREFIX")->required();
  ls->add_flag("-r,--recursive", words->recursive, "below every '/', too");
  add_output(*ls, words);
  CLI::App* up = add_verb(*parent, words, "upload", "a file as a blob", code, upload_blob);
  up->add_option("file", words->file)->required();
  up->add_option("place", words->what,
                 "CONTAINER/BLOB; the file's own name when it ends in '/' or has no '/'")
      ->required();
  CLI::App* down = add_verb(*parent, words, "download", "a blob as a file", code, download_blob);
  down->add_option("place", words->what, "CONTAINER/BLOB")->required();
  down->add_option("file", words->file, "the blob's own name when left out");
  add_verb(*parent, words, "delete", "a blob", code, delete_blob)
      ->add_option("place", words->what, "CONTAINER/BLOB")
      ->required();
  CLI::App* sas = add_verb(*parent, words, "sas", "a URL with a signature", code, sign_url);
  sas->add_option("place", words->what, "CONTAINER, or CONTAINER/BLOB")->required();
  sas->add_option("--permissions", words->permissions,
                  "read, add, create, write, delete, list: letters in the order racwdl")
      ->capture_default_str();
  sas->add_option("--for", words->lasts, "how long it is good: PT1H, P7D")->capture_default_str();
}

}  // namespace batchyard::cli
