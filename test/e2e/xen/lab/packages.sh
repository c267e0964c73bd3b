#!/bin/bash
# Downloads into DIR the Debian packages of a Xen host and of its guest, with all that they depend on; installs nothing.
#   packages.sh DIR             says on stderr why they cannot be had, and ends with 1
# Xen is pinned: Debian's 4.17.7 was built without shadow paging and moves no PV guest while it runs.
set -euo pipefail
dir=$1
release=4.17
pin=4.17.5
export LC_ALL=C
mkdir -p "$dir/cache/archives/partial"

if ! apt-cache madison "xen-utils-$release" 2>/dev/null | grep -q " $pin[+-]"; then
  echo "Debian's Xen $pin can no longer be had (or apt's lists are missing)" >&2
  exit 1
fi
newest() { apt-cache depends "$1" | awk '$1 == "Depends:" && $2 ~ /^linux-image-[0-9]/ { print $2; exit }'; }
# Only the generic kernel can be that of Xen's first domain; the small one is enough for a guest.
newest linux-image-amd64 >"$dir/kernel"
newest linux-image-cloud-amd64 >"$dir/guest-kernel"

# With no status apt takes nothing for installed, so it fetches what this machine has as well.
: >"$dir/status"
printf 'Package: src:xen\nPin: version %s*\nPin-Priority: 1001\n' "$pin" >"$dir/preferences"
if ! apt-get -qq -y -o "Dir::State::status=$dir/status" -o "Dir::Etc::preferences=$dir/preferences" \
  -o "Dir::Cache=$dir/cache" -o Debug::NoLocking=1 -o APT::Install-Recommends=0 -o APT::Sandbox::User=root \
  -o Acquire::Retries=2 install --download-only \
  "xen-utils-$release" "xen-hypervisor-$release-amd64" xenstore-utils "$(cat "$dir/kernel")" "$(cat "$dir/guest-kernel")" \
  bash busybox-static coreutils dash grep iproute2 kmod login mount openssh-client openssh-server procps sed socat util-linux \
  >"$dir/apt.log" 2>&1; then
  echo "the packages of Xen $pin cannot be had: $(grep -m1 '^E:' "$dir/apt.log" || tail -n 1 "$dir/apt.log")" >&2
  exit 1
fi
rm -f "$dir"/cache/*.bin
