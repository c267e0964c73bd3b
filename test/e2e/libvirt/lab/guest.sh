#!/bin/bash
# Makes DIR/vmlinuz and DIR/initrd.gz: Debian's cloud kernel and a busybox that writes memory and counts the seconds.
# The kernel is downloaded as a package and not installed, or taken from WHITHER_GUEST_KERNEL.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=$1
if [ -e "$dir/initrd.gz" ]; then exit 0; fi
mkdir -p "$dir"
if [ -n "${WHITHER_GUEST_KERNEL:-}" ]; then
  cp "$WHITHER_GUEST_KERNEL" "$dir/vmlinuz"
else
  package=$(apt-cache depends linux-image-cloud-amd64 | awk '$1 == "Depends:" && /linux-image-.*cloud-amd64/ { print $2; exit }')
  (cd "$dir" && apt-get -q download "$package" >/dev/null && dpkg -x "$package"_*.deb kernel && rm -f "$package"_*.deb)
  mv "$dir"/kernel/boot/vmlinuz-* "$dir/vmlinuz"
  rm -rf "$dir/kernel"
fi
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir "$root/bin"
cp "$(command -v busybox)" "$root/bin/busybox"
cp "$here/guest-init.sh" "$root/init"
chmod +x "$root/init"
(cd "$root" && find . | cpio --quiet -o -H newc | gzip -1) >"$dir/initrd.gz"
