// What the storage keeps of containers and blobs, beside the bytes themselves.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"

namespace batchyard::blob {

struct Pair {
  std::string name;
  std::string value;
};
BOOST_DESCRIBE_STRUCT(Pair, (), (name, value))

// Whose it is to write; the state that it is in follows from these and the time (blob/lease.h).
struct Lease {
  std::string id;             // empty: none has been taken, or it was released
  std::int64_t duration = 0;  // seconds; -1: for ever
  Time until;                 // when it runs out, if it has a duration
  bool breaking = false;
  Time broken;  // when breaking is over
};
BOOST_DESCRIBE_STRUCT(Lease, (), (id, duration, until, breaking, broken))

// A stored access policy.
struct Policy {
  std::string id;
  std::string start;
  std::string expiry;
  std::string permissions;
};
BOOST_DESCRIBE_STRUCT(Policy, (), (id, start, expiry, permissions))

struct Container {
  std::string etag;
  Time modified;
  std::string access;  // "", "blob" or "container": what needs no signature
  std::vector<Pair> metadata;
  std::vector<Policy> policies;
  Lease lease;
};
BOOST_DESCRIBE_STRUCT(Container, (), (etag, modified, access, metadata, policies, lease))

struct Copy {
  std::string id;
  std::string source;  // without its query
  std::string progress;
  Time completed;
};
BOOST_DESCRIBE_STRUCT(Copy, (), (id, source, progress, completed))

struct Content {
  std::string type;
  std::string encoding;
  std::string language;
  std::string disposition;
  std::string cache_control;
  std::string md5;  // base64
};
BOOST_DESCRIBE_STRUCT(Content, (), (type, encoding, language, disposition, cache_control, md5))

struct Blob {
  std::int64_t size = 0;
  std::string etag;
  Time created;
  Time modified;
  Content content;
  std::vector<Pair> metadata;
  std::string tier;  // empty: nobody has set it
  Lease lease;
  Copy copy;
};
BOOST_DESCRIBE_STRUCT(Blob, (),
                      (size, etag, created, modified, content, metadata, tier, lease, copy))

}  // namespace batchyard::blob
