// The issuers whose tokens an installation believes: itself, and those that it was told to trust,
// with the keys that they publish (OpenID Connect Discovery 1.0, sections 3 and 4). Their keys
// change: they are read again from time to time, and soon after a token that none of them signed.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "edge/transfer/halt.h"
#include "identity/token.h"

namespace batchyard::edge {

// An issuer that is trusted. Its keys are in a file, or published where its own name leads.
struct TrustedIssuer {
  std::string name;  // "https://login.example/realms/lab", exactly as its tokens have it
  std::vector<std::string> audiences;  // whom its tokens may be meant for, beside what ours are
  std::string keys_file;               // a JSON Web Key set; empty: it publishes them
  std::string ca_file;                 // that vouches for its server; empty: the system's
};

class IssuerKeeper {
 public:
  IssuerKeeper(identity::Issuer own, std::vector<TrustedIssuer> trusted);
  ~IssuerKeeper();

  // Reads all keys once, and again from then on. What cannot be read is told of, with its issuer;
  // its tokens are refused until it can.
  std::vector<std::string> start();

  std::shared_ptr<const std::vector<identity::Issuer>> issuers() const;
  // A token had an issuer's name and none of its keys: they may have changed. Returns at once.
  void look_again();

 private:
  Result<std::string> keys_of(const TrustedIssuer& issuer) const;
  std::vector<std::string> read_all();
  void keep(bool failed);

  identity::Issuer own_;
  std::vector<TrustedIssuer> trusted_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<const std::vector<identity::Issuer>> issuers_;
  bool asked_ = false;
  bool ending_ = false;
  mutable Halt halt_;
  std::thread thread_;
};

}  // namespace batchyard::edge
