#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Runs a command in a network namespace of its own, with one interface beside loopback and a
# default route: ICE looks for candidates on nothing less. The namespace goes with the command.
# Exits with 77 (skipped) where namespaces can't be made.
set -u

if [ "${1-}" = --inside ]; then
  shift
  ip link set lo up &&
    { ip link add wire0 type veth peer name wire1 2>/dev/null && ip link set wire1 up ||
      ip link add wire0 type dummy; } &&
    ip address add 192.168.77.1/24 dev wire0 &&
    ip link set wire0 up &&
    ip route add default dev wire0 || {
    echo "SKIP: no interface can be made in a network namespace" >&2
    exit 77
  }
  # Says that the network is the command's own, to be broken at will.
  SEED_TEST_NETNS=1 exec "$@"
fi

if unshare --net true 2>/dev/null; then
  exec unshare --net -- "$0" --inside "$@"
elif unshare --user --map-root-user --net true 2>/dev/null; then
  exec unshare --user --map-root-user --net -- "$0" --inside "$@"
fi
echo "SKIP: no network namespace can be made here (unshare --net)" >&2
exit 77
