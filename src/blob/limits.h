// How much the blob endpoint takes of anything.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace batchyard::blob {

inline constexpr std::size_t container_name_min = 3;
inline constexpr std::size_t container_name_max = 63;
inline constexpr std::size_t blob_name_max = 1024;  // characters
inline constexpr std::size_t metadata_size_max = 8U << 10;
inline constexpr std::size_t policies_max = 5;
inline constexpr std::size_t policy_id_max = 64;
inline constexpr std::size_t batch_parts_max = 256;
inline constexpr std::size_t block_id_max = 64;  // bytes, before base64
inline constexpr std::size_t blocks_committed_max = 50'000;
inline constexpr std::int64_t blocks_uncommitted_max = 100'000;
inline constexpr std::int64_t block_size_max = std::int64_t{4000} << 20;
inline constexpr std::int64_t whole_size_max = std::int64_t{5000} << 20;
inline constexpr std::int64_t page_max = 5000;  // entries of a list
inline constexpr std::int64_t range_digest_max = std::int64_t{4} << 20;
// Of bodies that are read as a whole: block lists are the longest.
inline constexpr std::uint64_t text_body_max = 16ULL << 20;
inline constexpr std::chrono::hours block_age_max{7 * 24};
inline constexpr std::chrono::minutes clock_skew_max{15};
inline constexpr std::chrono::seconds lease_min{15};
inline constexpr std::chrono::seconds lease_max{60};

}  // namespace batchyard::blob
