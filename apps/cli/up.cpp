#include "apps/cli/up.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "apps/cli/az_cloud.h"
#include "apps/cli/exit_code.h"
#include "apps/cli/inspect.h"
#include "apps/cli/terminal.h"
#include "apps/server/installation.h"
#include "base/text.h"

namespace batchyard::cli {

namespace {

// Whole or not at all: who waits for the file must not read half of it.
Result<> write_env_file(const std::string& path, const std::string& text) {
  const std::string beside = path + ".new";
  const int file = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written =
      file >= 0 && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (file >= 0) close(file);
  if (!written || rename(beside.c_str(), path.c_str()) != 0)
    return fail(Kind::invalid, "", fmt::format("cannot write --env-file {}", path));
  return Done();
}

}  // namespace

std::string own_program() {
  std::string path(4096, '\0');
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  path.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
  return path;
}

std::string default_data_dir() {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  if (state != nullptr) return std::string(state) + "/batchyard";
  return home != nullptr ? std::string(home) + "/.local/state/batchyard" : "/var/tmp/batchyard";
}

namespace {

// HOST:PORT of the option `name`.
Result<> parse_place(const std::string& name, const std::string& text, std::string& host,
                     std::uint16_t& to_port) {
  const std::size_t colon = text.rfind(':');
  const std::optional<std::int64_t> port =
      colon == std::string::npos ? std::nullopt : parse_integer(text.substr(colon + 1));
  if (!port || *port < 0 || *port > 65535)
    return fail(
        Kind::invalid, "",
        fmt::format("{} {} is not HOST:PORT, for example 127.0.0.1:8443 or [::1]:0", name, text));
  host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  to_port = static_cast<std::uint16_t>(*port);
  return Done();
}

}  // namespace

Result<> parse_listen(const std::string& text, server::ServerOptions& options) {
  return parse_place("--listen", text, options.host, options.port);
}

Result<> parse_storage_listen(const std::string& text, server::ServerOptions& options) {
  return parse_place("--storage-listen", text, options.storage.host, options.storage.port);
}

Result<> parse_quotas(const std::vector<std::string>& words, server::ServerOptions& options) {
  for (const std::string& word : words) {
    if (!engine::set_quota(options.quotas, word))
      return fail(
          Kind::invalid, "",
          fmt::format("--quota {} is none: give azure, or NAME=NUMBER (NAME=none: no limit) "
                      "with pools, jobs, dedicated-cores or low-priority-cores as NAME",
                      word));
  }
  return Done();
}

Result<> parse_clock(const std::string& text, server::ServerOptions& options) {
  const std::size_t equals = text.find('=');
  const std::string mode = text.substr(0, equals);
  if (mode == "virtual")
    options.clock = edge::ClockMode::flowing;
  else if (mode == "frozen")
    options.clock = edge::ClockMode::frozen;
  if (equals != std::string::npos) options.clock_start = parse_iso8601(text.substr(equals + 1));
  const bool known = mode == "real" || mode == "virtual" || mode == "frozen";
  if (known && (equals == std::string::npos || (options.clock_start && mode != "real")))
    return Done();
  return fail(
      Kind::invalid, "",
      fmt::format("--clock {} is not real, virtual or frozen, nor one of the latter two with "
                  "its start, for example frozen=2026-11-24T09:15:02Z",
                  text));
}

std::string export_lines(const server::Server& server) {
  std::string lines = fmt::format(
      "export AZURE_BATCH_ACCOUNT={}\nexport AZURE_BATCH_ACCESS_KEY={}\nexport "
      "AZURE_BATCH_ENDPOINT={}\n",
      server.account(), server.key(), server.endpoint());
  // Quoted: it has semicolons.
  if (const std::string storage = server.storage_connection_string(); !storage.empty())
    lines += fmt::format("export AZURE_STORAGE_CONNECTION_STRING='{}'\n", storage);
  if (!server.ca_file().empty())
    lines += fmt::format("export REQUESTS_CA_BUNDLE={0}\nexport NODE_EXTRA_CA_CERTS={0}\n",
                         server.ca_file());
  return lines;
}

namespace {

// What the management SDKs' environment credentials read, and where az logs in.
std::string management_lines(const server::Server& account,
                             const server::ManagementFacts& management) {
  if (management.endpoint.empty()) return {};
  // It is served by HTTPS also where the account is not.
  std::string lines;
  if (account.ca_file().empty())
    lines = fmt::format("export REQUESTS_CA_BUNDLE={0}\nexport NODE_EXTRA_CA_CERTS={0}\n",
                        management.ca_file);
  return lines + fmt::format(
                     "export BATCHYARD_MANAGEMENT={}\nexport AZURE_SUBSCRIPTION_ID={}\nexport "
                     "AZURE_TENANT_ID={}\n"
                     "export AZURE_CLIENT_ID={}\nexport AZURE_CLIENT_SECRET={}\n"
                     "export BATCHYARD_MANAGED_IDENTITY={}\n",
                     management.endpoint, management.subscription, management.tenant,
                     management.client, management.secret, management.identity_url);
}

void say_where(const server::Server& account, const server::ManagementFacts& management) {
  fmt::print("{} {}\n", paint("Batchyard is up:", Colour::bold), account.endpoint());
  if (const std::string storage = account.storage_endpoint(); !storage.empty())
    fmt::print("Its storage: {}\n", storage);
  if (!management.endpoint.empty()) fmt::print("Its management plane: {}\n", management.endpoint);
  if (!account.ca_file().empty()) fmt::print("Its certificate authority: {}\n", account.ca_file());
  if (!account.notice().empty()) fmt::print("{}\n", paint(account.notice(), Colour::yellow));
  for (const std::string& notice : management.notices)
    fmt::print("{}\n", paint(notice, Colour::yellow));
}

}  // namespace

int up(UpOptions options) {
  if (const Result<> good = parse_listen(options.listen, options.server); !good)
    return report(good.error());
  if (const Result<> good = parse_storage_listen(options.storage_listen, options.server); !good)
    return report(good.error());
  server::InstallationOptions installation;
  installation.serves_management = options.manages;
  installation.trust = options.trust;
  if (const Result<> good = parse_place("--management-listen", options.management_listen,
                                        installation.management_host, installation.management_port);
      !good)
    return report(good.error());
  if (const Result<> good = parse_clock(options.clock, options.server); !good)
    return report(good.error());
  if (const Result<> good = parse_quotas(options.quotas, options.server); !good)
    return report(good.error());
  if (options.fetches_private) options.egress.emplace_back("private");
  Result<edge::Egress> egress = edge::Egress::parse(options.egress);
  if (!egress) return report(egress.error());
  options.server.storage.egress = *std::move(egress);
  if (options.server.data_dir.empty()) options.server.data_dir = default_data_dir();
  // Others are told of it, who are in other directories: agents, and clients by the path of the
  // certificate authority.
  std::error_code ignored;
  if (const auto whole = std::filesystem::absolute(options.server.data_dir, ignored); !ignored)
    options.server.data_dir = whole.string();
  options.server.program = own_program();
  installation.account = options.server;
  if (options.registers_az) {
    if (const Result<> found = find_az(); !found) return report(found.error());
  }
  Result<std::unique_ptr<server::Installation>> up =
      server::Installation::start(std::move(installation));
  if (!up) return report(up.error());
  AzCloud cloud;
  if (options.registers_az) {
    if (const Result<> entered = cloud.enter((*up)->management()); !entered) {
      cloud.withdraw();
      (*up)->stop(options.development);
      return report(entered.error());
    }
  }
  const std::string lines =
      export_lines((*up)->account()) + management_lines((*up)->account(), (*up)->management());
  if (!options.env_file.empty()) {
    if (const Result<> written = write_env_file(options.env_file, lines); !written) {
      (*up)->stop(options.development);
      return report(written.error());
    }
  }
  say_where((*up)->account(), (*up)->management());
  // Keys are in no log: what is no terminal is likely to be kept.
  if (isatty(STDOUT_FILENO) != 0)
    fmt::print("\n{}\n", lines);
  else if (options.env_file.empty())
    fmt::print("Its keys are shown on a terminal only; --env-file FILE writes them.\n");
  if (!options.registers_az && !(*up)->management().endpoint.empty())
    fmt::print("\nFor az, with these variables set (or: --register-az):\n{}\n",
               az_lines((*up)->management()));
  fmt::print("Ctrl-C ends it{}.\n",
             options.development ? " and all of its nodes" : "; its nodes go on");
  std::fflush(stdout);
  const Result<> ended = (*up)->wait();
  (*up)->stop(options.development && ended.has_value());
  if (!options.env_file.empty()) unlink(options.env_file.c_str());
  if (options.development) cloud.withdraw();
  if (!ended) return report(ended.error());
  fmt::print("Batchyard has ended.\n");
  return ExitCode::done;
}

}  // namespace batchyard::cli
