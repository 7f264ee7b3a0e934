#include "edge/launch/environment.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace batchyard::edge {

namespace {

// "10.64.0.4 slots=16" for Open MPI, "10.64.0.4:16" for Hydra.
std::string write_hosts(const std::string& path, const protocol::Gang& gang,
                        const std::string& mark, int cores) {
  std::ofstream file(path);
  for (const protocol::GangMember& member : gang.members)
    file << member.ip_address << mark << cores << "\n";
  return path;
}

}  // namespace

std::vector<std::string> launch_environment(const LaunchPlace& place, const protocol::Gang& gang,
                                            int cores, const std::string& path) {
  std::error_code ignored;
  std::filesystem::create_directories(place.directory, ignored);
  chmod(place.directory.c_str(), 0755);
  const int slots = std::max(1, cores);
  const std::string open_mpi =
      write_hosts(place.directory + "/hosts.openmpi", gang, " slots=", slots);
  const std::string hydra = write_hosts(place.directory + "/hosts.hydra", gang, ":", slots);
  const std::string ssh = place.directory + "/ssh";
  unlink(ssh.c_str());
  std::filesystem::create_symlink(place.program, ssh, ignored);
  return {
      "PATH=" + place.directory + ":" + path,
      "BATCHYARD_LAUNCH_SOCKET=" + place.socket,
      "BATCHYARD_LAUNCH_SECRET=" + gang.secret,
      // Open MPI 4 (and 5, which has other words). A tree of launches would only be slower for few
      // nodes.
      "OMPI_MCA_plm_rsh_agent=" + ssh,
      "OMPI_MCA_plm_rsh_no_tree_spawn=1",
      // A daemon that leaves its launch would be taken for ended, and its tree with it.
      "OMPI_MCA_orte_leave_session_attached=1",
      "PRTE_MCA_prte_leave_session_attached=1",
      // Open MPI asks for the user's shell, and the users of tasks have none of their own.
      "SHELL=/bin/sh",
      "OMPI_MCA_orte_default_hostfile=" + open_mpi,
      "PRTE_MCA_plm_ssh_agent=" + ssh,
      "PRTE_MCA_prte_default_hostfile=" + open_mpi,
      // A size's cores may be more than this machine's.
      "OMPI_MCA_rmaps_base_oversubscribe=1",
      "OMPI_MCA_mpi_yield_when_idle=1",
      "OMPI_ALLOW_RUN_AS_ROOT=1",
      "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1",
      // MPICH's and Intel MPI's Hydra.
      "HYDRA_LAUNCHER=ssh",
      "HYDRA_LAUNCHER_EXEC=" + ssh,
      "HYDRA_HOST_FILE=" + hydra,
      "I_MPI_HYDRA_BOOTSTRAP=ssh",
      "I_MPI_HYDRA_BOOTSTRAP_EXEC=" + ssh,
      "I_MPI_HYDRA_HOST_FILE=" + hydra,
  };
}

}  // namespace batchyard::edge
