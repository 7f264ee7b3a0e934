// A page of a list: names in order, those below a delimiter drawn together, and where to go on.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "blob/address.h"
#include "blob/rows.h"

namespace batchyard::blob {

struct ListQuery {
  std::string prefix;
  std::string delimiter;
  std::string marker;  // as it was given
  std::string from;    // the name that it means
  std::int64_t limit = 0;
  bool limit_given = false;
  bool metadata = false;
  bool copies = false;
  bool uncommitted = false;
};
Result<ListQuery> list_query(const Address& address);

struct ListEntry {
  std::string prefix;  // of a whole group; empty for a blob
  BlobRow row;
};
struct ListPage {
  std::vector<ListEntry> entries;
  std::string next;  // the name to go on with; empty at the end
};
// However many blobs lie below one delimiter, they cost one look.
Result<ListPage> list_page(Cursor& cursor, const ListQuery& query);

std::string marker_of(std::string_view name);

// The answer's XML. `endpoint` is the account's: http://127.0.0.1:10000/name
std::string blobs_xml(const ListQuery& query, const ListPage& page, std::string_view endpoint,
                      std::string_view container, Time now);
std::string containers_xml(const ListQuery& query, const std::vector<ContainerRow>& rows,
                           std::string_view next, std::string_view endpoint, Time now);

}  // namespace batchyard::blob
