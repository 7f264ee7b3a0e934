#include "apps/cli/on_service.h"

#include "apps/cli/inspect.h"

namespace batchyard::cli {

void on_service(CLI::App& command, Connection& connection, int& code,
                std::function<int(ApiClient&)> action) {
  command.add_option("--endpoint", connection.endpoint,
                     "URL of the service (AZURE_BATCH_ENDPOINT)");
  command.add_option("--account", connection.account, "account name (AZURE_BATCH_ACCOUNT)");
  command.add_option("--key", connection.key, "account key (AZURE_BATCH_ACCESS_KEY)");
  command.add_option("--ca-file", connection.ca_file,
                     "certificate authority to trust (REQUESTS_CA_BUNDLE)");
  command.callback([&connection, &code, action = std::move(action)] {
    if (const Result<> complete = connection.complete(); !complete) {
      code = report(complete.error());
      return;
    }
    ApiClient api(connection);
    code = action(api);
  });
}

}  // namespace batchyard::cli
