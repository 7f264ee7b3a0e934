// How large a root file system may be: what is larger is none, or would fill the machine.
#pragma once

#include <cstddef>
#include <cstdint>

namespace batchyard::edge {

inline constexpr std::int64_t image_size_max = std::int64_t{512} << 30;
inline constexpr std::int64_t image_entries_max = 4'000'000;
inline constexpr std::size_t image_path_max = 4096;
// What making an image leaves free on the disk.
inline constexpr std::int64_t image_kept_free = std::int64_t{256} << 20;
// An overlay's options have one page of the kernel's: captures of captures end here.
inline constexpr std::size_t image_layers_max = 16;
inline constexpr std::size_t images_max = 1000;

}  // namespace batchyard::edge
