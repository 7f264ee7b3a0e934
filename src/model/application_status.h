// What the service knows of applications and of their packages, the archives that nodes unpack.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "base/id.h"
#include "base/time.h"

namespace batchyard {

struct ApplicationStatus {
  std::string display_name;
  PackageVersion default_version;  // of references that name none; empty: there is none
  bool allow_updates = true;       // packages may be replaced and deleted
  std::string tags;                // a JSON object; empty: none
  Time created;
  Time modified;
};
BOOST_DESCRIBE_STRUCT(ApplicationStatus, (),
                      (display_name, default_version, allow_updates, tags, created, modified))

// An archive as it is kept beside the store.
struct PackageContent {
  std::string name;  // never given twice
  std::int64_t size = 0;
  std::string sha256;  // hexadecimal
};
BOOST_DESCRIBE_STRUCT(PackageContent, (), (name, size, sha256))

//   (added) ──> pending ──activate──> active ──activate what was uploaded since──> active
enum class PackageState { pending, active };
BOOST_DESCRIBE_ENUM(PackageState, pending, active)

struct PackageStatus {
  PackageState state = PackageState::pending;
  std::optional<PackageContent> uploaded;  // waits for its activation
  std::optional<PackageContent> content;   // that nodes get; an active package has it
  // "CONTAINER/BLOB" of the account's storage, where the activation takes the archive from; empty:
  // it is uploaded to the service itself.
  std::string blob;
  std::string tags;               // a JSON object; empty: none
  std::string format;             // "zip", once it is active
  std::optional<Time> activated;  // lastActivationTime
  Time created;
  Time modified;
};
BOOST_DESCRIBE_STRUCT(PackageStatus, (),
                      (state, uploaded, content, blob, tags, format, activated, created, modified))

}  // namespace batchyard
