// How large a package may be, packed and unpacked: what is larger is no package but a bomb, or
// should come in parts.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace batchyard::edge {

inline constexpr std::int64_t package_size_max = std::int64_t{16} << 30;
inline constexpr std::int64_t unpacked_size_max = std::int64_t{64} << 30;
inline constexpr std::int64_t entries_max = 200'000;
inline constexpr std::size_t entry_name_max = 1024;
// How much larger an archive may become; the first bytes are free, for small texts pack well.
inline constexpr std::int64_t unpack_ratio_max = 200;
inline constexpr std::int64_t unpack_ratio_free = std::int64_t{64} << 20;

// Uploads that are under way at once, and how long one may stand still.
inline constexpr std::size_t uploads_max = 16;
inline constexpr std::chrono::hours upload_age_max{24};

// What an upload leaves free on the disk: more than the service wants for itself before it only
// reads.
inline constexpr std::int64_t upload_kept_free = std::int64_t{128} << 20;

// How long a node asks for a package that the service does not give.
inline constexpr std::chrono::minutes deploy_patience{5};
// How long an archive can still be read that nothing refers to any more: nodes may be on their way.
inline constexpr std::chrono::minutes dropped_kept{10};

}  // namespace batchyard::edge
