// Certificates: kept for pools that refer to them, and not given up while one is in use.
#include <fmt/format.h>

#include <algorithm>

#include "base/error_codes.h"
#include "engine/decide.h"

namespace batchyard::engine {

namespace {

// More are not named in the error of a deletion.
constexpr std::size_t users_named_max = 100;

void set_state(Turn& turn, CertificateRecord& certificate, CertificateState state,
               std::string_view what) {
  CertificateStatus& status = certificate.status;
  status.previous = status.state;
  status.previous_since = status.state_since;
  status.state = state;
  status.state_since = turn.now;
  turn.touch(certificate, what);
}

Reply reply_of(const CertificateRecord& certificate) {
  return {.version = certificate.version, .modified = certificate.status.modified, .items = {}};
}

Result<CertificateRecord*> existing(Turn& turn, const std::string& id) {
  const auto found = turn.state.certificates.find(id);
  if (found == turn.state.certificates.end())
    return refusal("CertificateNotFound", "The specified certificate does not exist.");
  return &found->second;
}

std::unexpected<Error> being_deleted() {
  return refusal("CertificateBeingDeleted",
                 "The specified certificate has been marked for deletion.");
}

bool contains(const std::vector<std::string>& ids, const std::string& id) {
  return std::ranges::find(ids, id) != ids.end();
}

// Pools that refer to it, and nodes where it was installed: these keep it until they start anew.
std::vector<std::string> users_of(const State& state, const std::string& id) {
  std::vector<std::string> users;
  const auto add = [&](std::string user) {
    if (users.size() < users_named_max) users.push_back(std::move(user));
  };
  for (const auto& [pool_id, pool] : state.pools) {
    if (contains(pool.status.facts.certificates, id)) add("pool " + pool_id.text());
    for (const auto& [node_id, node] : pool.nodes) {
      if (contains(node.status.certificates, id))
        add(fmt::format("node {} of pool {}", node_id.text(), pool_id.text()));
    }
  }
  return users;
}

}  // namespace

Result<> check_certificates(const State& state, const PoolFacts& facts) {
  for (const std::string& id : facts.certificates) {
    const auto found = state.certificates.find(id);
    if (found != state.certificates.end() && found->second.status.state == CertificateState::active)
      continue;
    return refusal(
        "InvalidCertificateReferences",
        "One or more of the specified certificate references are invalid.",
        {{id, found == state.certificates.end()
                  ? "The specified certificate does not exist. Add it to the account first."
                  : "The specified certificate is being deleted."}});
  }
  return Done();
}

Result<Reply> decide(Turn& turn, AddCertificate& command) {
  if (const auto taken = turn.state.certificates.find(command.id);
      taken != turn.state.certificates.end()) {
    if (taken->second.status.state != CertificateState::active) return being_deleted();
    return refusal("CertificateExists", "The specified certificate already exists.");
  }
  CertificateRecord& certificate = turn.state.certificates[command.id];
  certificate.id = command.id;
  certificate.status.created = certificate.status.state_since = turn.now;
  turn.spec({EntityKind::certificate, "", certificate.id}, std::move(command.spec));
  turn.touch(certificate, "CertificateAdded");
  return reply_of(certificate);
}

Result<Reply> decide(Turn& turn, ReplaceCertificate& command) {
  CertificateRecord* certificate = TRY(existing(turn, command.id));
  TRY(check_version(certificate->version, command.if_version));
  if (certificate->status.state != CertificateState::active) return being_deleted();
  turn.spec({EntityKind::certificate, "", certificate->id}, std::move(command.spec));
  turn.touch(*certificate, "CertificateChanged");
  return reply_of(*certificate);
}

Result<Reply> decide(Turn& turn, DeleteCertificate& command) {
  CertificateRecord* certificate = TRY(existing(turn, command.id));
  set_state(turn, *certificate, CertificateState::deleting, "CertificateDeleting");
  certificate->status.used_by = users_of(turn.state, command.id);
  if (!certificate->status.used_by.empty()) {
    set_state(turn, *certificate, CertificateState::deletefailed, "CertificateDeleteFailed");
    return reply_of(*certificate);
  }
  turn.erase({EntityKind::certificate, "", command.id}, "CertificateDeleted");
  turn.state.certificates.erase(command.id);
  return Reply();
}

Result<Reply> decide(Turn& turn, CancelCertificateDeletion& command) {
  CertificateRecord* certificate = TRY(existing(turn, command.id));
  if (certificate->status.state == CertificateState::active)
    return refusal("CertificateStateActive", "The specified certificate is in active state.");
  certificate->status.used_by.clear();
  set_state(turn, *certificate, CertificateState::active, "CertificateDeletionCancelled");
  return reply_of(*certificate);
}

}  // namespace batchyard::engine
