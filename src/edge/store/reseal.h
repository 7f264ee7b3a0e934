// Every row of a store under the key that seals now: what was written before there was a key, and
// what an earlier key sealed. In transactions of many rows; what is done is skipped the next time.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "edge/seal/seal.h"
#include "edge/store/statement.h"

namespace batchyard::edge {

// Called behind each transaction; false leaves the rest for another time.
using GoOn = std::function<bool()>;

// Whether it came to its end. The connection knows the seal (seal_sql.h) and has no transaction.
Result<bool> reseal_rows(sqlite3* connection, const GoOn& go_on);
// Nothing of what was there before lies in the file or in its log: they are written anew.
Result<> forget_old_pages(sqlite3* connection);

// The store of a data directory that no service uses.
Result<bool> reseal_store(const std::string& directory, std::shared_ptr<const Seal> seal,
                          const GoOn& go_on);

}  // namespace batchyard::edge
