#include "apps/cli/management_options.h"

namespace batchyard::cli {

void add_management_options(CLI::App& command, UpOptions& up) {
  command
      .add_option("--management-listen", up.management_listen,
                  "HOST:PORT of the management plane (docs/management.md)")
      ->capture_default_str();
  command.add_flag("!--no-management", up.manages, "without the management plane");
  command.add_option("--trust", up.trust,
                     "a file of OpenID Connect issuers whose tokens are believed, too "
                     "(docs/management.md)");
  command.add_flag("--register-az", up.registers_az,
                   "register and choose it as a cloud of az (docs/management.md)");
}

}  // namespace batchyard::cli
