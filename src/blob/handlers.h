// The operations, one function each. Only service.cpp calls them.
#pragma once

#include "blob/service.h"

namespace batchyard::blob {

// Found, or refused with ContainerNotFound, BlobNotFound.
Result<ContainerRow> need_container(const Call& call, Rows& rows);
Result<BlobRow> need_blob(const Call& call, const ContainerRow& container, Rows& rows);

// account.cpp
Result<Answer> list_containers(const Call& call, Rows& rows);
Result<Answer> get_service_properties(const Call& call, Rows& rows);
Result<Answer> set_service_properties(const Call& call, Rows& rows);
Result<Answer> get_account_information(const Call& call, Rows& rows);

// containers.cpp
Result<Answer> create_container(const Call& call, Rows& rows);
Result<Answer> get_container(const Call& call, Rows& rows);
Result<Answer> delete_container(const Call& call, Rows& rows);
Result<Answer> get_container_acl(const Call& call, Rows& rows);
Result<Answer> set_container_acl(const Call& call, Rows& rows);
Result<Answer> set_container_metadata(const Call& call, Rows& rows);
Result<Answer> lease_container(const Call& call, Rows& rows);
Result<Answer> list_blobs(const Call& call, Rows& rows);

// blobs.cpp
Result<Answer> put_blob(const Call& call, Rows& rows);
Result<Answer> get_blob(const Call& call, Rows& rows);
Result<Answer> get_blob_properties(const Call& call, Rows& rows);
Result<Answer> delete_blob(const Call& call, Rows& rows);
Result<Answer> set_blob_properties(const Call& call, Rows& rows);
Result<Answer> set_blob_metadata(const Call& call, Rows& rows);
Result<Answer> set_blob_tier(const Call& call, Rows& rows);
Result<Answer> lease_blob(const Call& call, Rows& rows);

// blocks.cpp
Result<Answer> put_block(const Call& call, Rows& rows);
Result<Answer> put_block_list(const Call& call, Rows& rows);
Result<Answer> get_block_list(const Call& call, Rows& rows);

// copies.cpp
Result<Answer> copy_blob(const Call& call, Rows& rows);
Result<Answer> put_block_from_url(const Call& call, Rows& rows);
Result<Answer> abort_copy(const Call& call, Rows& rows);

// ---- shared by those that write a blob ----

struct Target {
  ContainerRow container;
  std::optional<BlobRow> old;
};
// The blob to be written, after its conditions, its lease and the caller's right to overwrite.
Result<Target> target_of(const Call& call, Rows& rows);
// A new blob in its place: what is the same however it came.
Result<Blob> new_blob(const Call& call, const Target& target, std::int64_t size);
// Content-MD5 and x-ms-content-crc64 against what has arrived.
Result<> check_sums(const HttpRequest& request, const Received& received);

}  // namespace batchyard::blob
