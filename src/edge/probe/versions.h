// What programs say of themselves. Pure: their output comes in; nothing when it is not theirs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace batchyard::edge {

std::string open_mpi_version(std::string_view said);  // `ompi_info --version`: "Open MPI 4.1.4"
std::string mpich_version(std::string_view said);     // `mpichversion`: "MPICH 4.0.2"
std::string hydra_version(std::string_view said);   // `mpiexec.hydra --version`: Intel's or MPICH's
std::string podman_version(std::string_view said);  // `podman --version`: "podman 4.3.1"
std::vector<std::string> providers(std::string_view said);   // `fi_info -l`: "fi:tcp", …
std::vector<std::string> transports(std::string_view said);  // `ucx_info -d`: "ucx:tcp", …

}  // namespace batchyard::edge
