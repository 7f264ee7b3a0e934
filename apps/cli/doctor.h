// `doctor`: what this machine can do for a pool, what is missing and how to get it.
#pragma once

namespace batchyard::cli {

// 0 when nodes of the local fleet can run here, isolated or not.
int doctor();

}  // namespace batchyard::cli
