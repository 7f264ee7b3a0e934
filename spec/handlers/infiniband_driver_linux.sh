#!/bin/sh
# Brings the RDMA stack that the node's size needs: libibverbs and the kernel's modules for SR-IOV, the DAPL libraries for
# NetworkDirect. Does nothing where a port is there with its libraries, and asks nobody anything.
#
# Settings of the extension, all optional:
#   packages   what the package manager is to install, in place of what is known of the system
set -eu

class=${BATCHYARD_SIZE_RDMA:-sriov}
run=${BATCHYARD_EXTENSION_RUN:-1}
sys=${BATCHYARD_SYS:-/sys}
restart=194

fail() {
  echo "$*" >&2
  exit 1
}

setting() {
  [ -r "${BATCHYARD_EXTENSION_SETTINGS:-}" ] || return 0
  tr -d '\n' < "$BATCHYARD_EXTENSION_SETTINGS" | sed -n "s/.*\"$1\"[[:space:]]*:[[:space:]]*\"\([^\"]*\)\".*/\1/p"
}

has() {
  command -v "$1" > /dev/null 2>&1
}

has_port() {
  [ -n "$(ls "$sys/class/infiniband" 2> /dev/null)" ]
}

install_packages() {
  packages=$(setting packages)
  if has apt-get; then
    known='rdma-core ibverbs-providers ibverbs-utils infiniband-diags librdmacm1'
    [ "$class" = networkDirect ] && known='libdapl2 dapl2-utils rdma-core'
    export DEBIAN_FRONTEND=noninteractive
    apt-get -q update
    # shellcheck disable=SC2086 # they are words
    apt-get -q -y --no-install-recommends install ${packages:-$known}
    return
  fi
  known='rdma-core libibverbs libibverbs-utils infiniband-diags librdmacm'
  [ "$class" = networkDirect ] && known='dapl dapl-utils rdma-core'
  for manager in dnf yum; do
    has $manager || continue
    # shellcheck disable=SC2086
    $manager -q -y install ${packages:-$known}
    return
  done
  has zypper || fail 'No package manager is known here (apt-get, dnf, yum, zypper): use an image that has the RDMA stack.'
  # shellcheck disable=SC2086
  zypper --non-interactive --quiet install ${packages:-$known}
}

case " ${BATCHYARD_EMULATED:-} " in
  *' rdma '*)
    echo "The node's fabric is emulated: there is nothing to install."
    exit 0
    ;;
esac

if has_port && has ibv_devinfo; then
  echo 'The RDMA stack is there, and has a port.'
  exit 0
fi
install_packages
if [ "$class" = networkDirect ]; then
  modules='hv_network_direct rdma_ucm'
else
  modules='mlx5_ib ib_uverbs ib_umad rdma_ucm'
fi
for module in $modules; do
  modprobe "$module" 2> /dev/null || true
done
if has_port; then
  echo "The RDMA stack ($class) is installed, and has a port."
  exit 0
fi
[ "$run" = 1 ] || fail "The RDMA stack ($class) is installed and finds no device: give the pool a size without RDMA, or its nodes machines with it. NetworkDirect's module is part of the HPC images alone."
echo "The RDMA stack ($class) is installed: the node starts anew with it."
exit $restart
