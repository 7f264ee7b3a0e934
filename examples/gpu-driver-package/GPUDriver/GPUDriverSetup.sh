#!/bin/sh
# Stands in for a GPU driver's installer: it wants to be root, it asks unless it is told to be silent, it says what it does,
# and it leaves something behind that every later task of the node finds.
set -eu
version=411.82
[ "$(id -u)" = 0 ] || { echo "GPUDriverSetup: only an administrator installs drivers" >&2; exit 2; }
if [ "${1:-}" != /s ]; then
  printf 'Install driver %s? [y/N] ' "$version"
  read -r answer
  [ "$answer" = y ] || exit 3
fi
driver="$AZ_BATCH_NODE_SHARED_DIR/gpu-driver"
mkdir -p "$driver"
echo "$version" >"$driver/version"
chmod -R a+rX "$driver"
echo "driver $version is installed in $driver"
