// The XML of the storage: what requests bring, and the pieces that answers are written of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "blob/entities.h"

namespace batchyard::blob {

// "<name>text</name>", escaped.
std::string element(std::string_view name, std::string_view text);
// A name of a blob: what XML cannot hold is percent-encoded, and said to be so.
std::string name_element(std::string_view name);
extern const std::string_view xml_head;

// Where a list of blocks looks for an id.
enum class BlockSource { committed, uncommitted, latest };
struct ListedBlock {
  BlockSource source = BlockSource::latest;
  std::string id;
};
// InvalidXmlDocument, BlockListTooLong, InvalidBlockId.
Result<std::vector<ListedBlock>> parse_block_list(const std::string& xml);

// SignedIdentifiers; an empty text has none.
Result<std::vector<Policy>> parse_policies(const std::string& xml);
std::string policies_xml(const std::vector<Policy>& policies);

// StorageServiceProperties: only what changes nothing here may be set.
Result<> check_service_properties(const std::string& xml);
std::string default_service_properties();

std::string error_xml(const Error& error, std::string_view message);

}  // namespace batchyard::blob
