// Which operation a request asks for, and what is to be known of each: one table.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/http_message.h"
#include "base/result.h"
#include "blob/address.h"

namespace batchyard::blob {

enum class Operation {
  list_containers,
  get_service_properties,
  set_service_properties,
  get_account_information,
  submit_batch,
  create_container,
  get_container,
  delete_container,
  get_container_acl,
  set_container_acl,
  set_container_metadata,
  lease_container,
  list_blobs,
  put_blob,
  put_blob_from_url,
  copy_blob,
  abort_copy,
  get_blob,
  get_blob_properties,
  delete_blob,
  set_blob_properties,
  set_blob_metadata,
  set_blob_tier,
  lease_blob,
  put_block,
  put_block_from_url,
  put_block_list,
  get_block_list,
};

enum class Body { none, text, piece };

struct OperationFacts {
  Operation operation;
  std::string_view name;
  char type;  // the resource type of an account's signature: s, c or o
  // Permissions of a signature, of which one is enough; empty: the key alone.
  std::string_view account_permissions;
  std::string_view service_permissions;  // of a signature for a container or blob
  bool writes;
  Body body;
};

const OperationFacts& facts_of(Operation operation);

// By verb, path, restype, comp and headers. Refuses what is not served, by its name.
Result<Operation> operation_of(const HttpRequest& request, const Address& address);

}  // namespace batchyard::blob
