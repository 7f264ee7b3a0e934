#!/bin/sh
# Brings NVIDIA's driver to a node: CUDA's on sizes for computing, GRID on sizes for graphics. Does nothing where the right one
# answers, asks nobody anything, and wants the node started anew (exit code 194) where only that helps.
#
# Settings of the extension, all optional:
#   packages        what the package manager is to install, in place of what is known of the system
#   source          URL or path of NVIDIA's own installer (.run), in place of packages
#   driverVersion   branch or version, of the packages that are known here: "535", "535.161.08"
set -eu

kind=${BATCHYARD_SIZE_GPU_DRIVER:-cuda}
run=${BATCHYARD_EXTENSION_RUN:-1}
etc=${BATCHYARD_ETC:-/etc}
restart=194
grid_installer='https://go.microsoft.com/fwlink/?linkid=874272'

fail() {
  echo "$*" >&2
  exit 1
}

# A text among the settings; a file without line breaks in its texts is all that is read here.
setting() {
  [ -r "${BATCHYARD_EXTENSION_SETTINGS:-}" ] || return 0
  tr -d '\n' < "$BATCHYARD_EXTENSION_SETTINGS" | sed -n "s/.*\"$1\"[[:space:]]*:[[:space:]]*\"\([^\"]*\)\".*/\1/p"
}

has() {
  command -v "$1" > /dev/null 2>&1
}

# Which kind the driver that answers is; nothing when none does.
present_kind() {
  said=$(nvidia-smi -q 2> /dev/null) || return 0
  case $(echo "$said" | grep -i -A 3 'licensed product' | grep -i 'product name' | grep -v 'N/A') in
    '') echo cuda ;;
    *) echo grid ;;
  esac
}

# What is read of the system is a number or a word.
system() {
  sed -n "s/^$1=\"\{0,1\}\([^\"]*\)\"\{0,1\}$/\1/p" "$etc/os-release" 2> /dev/null | head -n 1
}

has_card() {
  if has lspci; then
    lspci -d 10de: | grep -q .
  else
    grep -qx 0x10de /sys/bus/pci/devices/*/vendor 2> /dev/null
  fi
}

drop_nouveau() {
  lsmod 2> /dev/null | grep -q '^nouveau ' || return 0
  mkdir -p "$etc/modprobe.d"
  printf 'blacklist nouveau\noptions nouveau modeset=0\n' > "$etc/modprobe.d/batchyard-nouveau.conf"
  modprobe -r nouveau 2> /dev/null || true
  lsmod | grep -q '^nouveau ' || return 0
  [ "$run" = 1 ] || fail 'The free driver nouveau holds the card and is not let go: restart the machine, then reboot the node.'
  echo 'The free driver nouveau holds the card: the node starts anew without it.'
  exit $restart
}

install_packages() {
  packages=$(setting packages)
  version=$(setting driverVersion)
  branch=${version%%.*}
  if has apt-get; then
    if [ -z "$packages" ] && [ "$(system ID)" = ubuntu ]; then
      packages="nvidia-headless-${branch:-535}-server nvidia-utils-${branch:-535}-server"
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get -q update
    # shellcheck disable=SC2086 # they are words
    apt-get -q -y --no-install-recommends install ${packages:-nvidia-driver nvidia-smi}
    return
  fi
  packages=${packages:-cuda-drivers${branch:+-$branch}}
  for manager in dnf yum; do
    has $manager || continue
    # shellcheck disable=SC2086
    $manager -q -y install $packages
    return
  done
  has zypper || fail "No package manager is known here (apt-get, dnf, yum, zypper): give the setting source, NVIDIA's own installer."
  # shellcheck disable=SC2086
  zypper --non-interactive --quiet install $packages
}

run_installer() {
  case $1 in
    http://* | https://*)
      if has curl; then
        curl -fsSL -o nvidia-installer.run "$1"
      else
        wget -q -O nvidia-installer.run "$1"
      fi
      installer=./nvidia-installer.run
      ;;
    *) installer=$1 ;;
  esac
  sh "$installer" --silent --dkms
}

configure_grid() {
  [ "$kind" = grid ] || return 0
  mkdir -p "$etc/nvidia"
  [ -f "$etc/nvidia/gridd.conf" ] || cp "$etc/nvidia/gridd.conf.template" "$etc/nvidia/gridd.conf" 2> /dev/null || : > "$etc/nvidia/gridd.conf"
  grep -q '^IgnoreSP=' "$etc/nvidia/gridd.conf" || echo 'IgnoreSP=TRUE' >> "$etc/nvidia/gridd.conf"
}

case " ${BATCHYARD_EMULATED:-} " in
  *' gpu '*)
    echo "The node's GPUs are emulated: a stand-in takes the place of the $kind driver."
    exit 0
    ;;
esac

there=$(present_kind)
if [ "$there" = "$kind" ]; then
  echo "The $kind driver answers already."
  nvidia-smi -pm 1 > /dev/null 2>&1 || true
  exit 0
fi
[ -z "$there" ] || fail "The driver that answers is $there's, and the size needs $kind's: two put each other out. Remove the first, then reboot the node."
has_card || fail "The machine has no NVIDIA card: give the pool a size without GPUs, or its nodes machines with some."
drop_nouveau

source=$(setting source)
if [ -z "$source" ] && [ "$kind" = grid ] && [ -z "$(setting packages)" ]; then
  source=$grid_installer
fi
if [ -n "$source" ]; then
  run_installer "$source"
else
  install_packages
fi
configure_grid
modprobe nvidia 2> /dev/null || true
if [ "$(present_kind)" = "$kind" ]; then
  nvidia-smi -pm 1 > /dev/null 2>&1 || true
  echo "The $kind driver is installed and answers."
  exit 0
fi
[ "$run" = 1 ] || fail "The $kind driver is installed and does not answer: see what nvidia-smi and the kernel's log say."
echo "The $kind driver is installed: the node starts anew with it."
exit $restart
