#!/bin/bash
# Makes, from the packages that packages.sh put into DIR, what two Xen hosts start from:
#   DIR/xen, DIR/vmlinux        the hypervisor and the kernel of its first domain, unpacked, for that takes long under emulation
#   DIR/root.cpio               the first domain's files, which live in its memory
#   DIR/key, DIR/known          the key of root on both, and the public key of both
# Needs root, for the files to be root's; starts nothing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=$1
export LC_ALL=C
kernel=$(cat "$dir/kernel")
version=${kernel#linux-image-}
root=$dir/root

# The first domain's files. What no host needs here would only fill its memory.
mkdir -p "$root"/usr/{bin,sbin,lib,lib64}
for name in bin sbin lib lib64; do ln -s "usr/$name" "$root/$name"; done
needless=(boot/\* usr/share/doc/\* usr/share/man/\* usr/share/info/\* usr/share/locale/\* usr/share/perl\* usr/share/zoneinfo
  usr/lib/python\* usr/lib/udev/\* usr/lib/x86_64-linux-gnu/perl\* usr/lib/x86_64-linux-gnu/gconv\* usr/lib/debug usr/lib/xen-\*/boot/\*
  usr/bin/perl\* usr/bin/python\* usr/share/bash-completion)
for package in "$dir"/cache/archives/*.deb; do
  case ${package##*/} in
  linux-image-*) continue ;;
  xen-hypervisor-*) dpkg-deb --fsys-tarfile "$package" | tar -xO --wildcards './boot/xen-*-amd64.gz' | gzip -d >"$dir/xen" ;;
  esac
  dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$root" "${needless[@]/#/--exclude=./}"
done

# The kernel's image holds the kernel itself as an archive of xz.
dpkg-deb -x "$dir"/cache/archives/"$kernel"_*.deb "$dir/kernel.d"
image=$dir/kernel.d/boot/vmlinuz-$version
for place in $(grep -aboP '\xfd7zXZ\x00' "$image" | cut -d: -f1); do
  tail -c "+$((place + 1))" "$image" | xz -dc --single-stream >"$dir/vmlinux" 2>/dev/null || true
  if [ "$(head -c 4 "$dir/vmlinux")" = $'\x7fELF' ]; then break; fi
done
[ "$(head -c 4 "$dir/vmlinux")" = $'\x7fELF' ] || { echo "no kernel was found in $image" >&2; exit 1; }

# Drivers, with what they need: each module names that itself.
modules=$dir/kernel.d/lib/modules/$version
add_module() {
  local file name
  file=$(find "$modules/kernel" -name "${1//_/[_-]}.ko" -print -quit)
  # What is not there is built in.
  if [ -z "$file" ]; then return; fi
  if grep -qxF "${file##*/}" "$root/modules/order" 2>/dev/null; then return; fi
  for name in $(grep -aoP '\x00depends=\K[^\x00]*' "$file" | tr ',' ' '); do add_module "${name//-/_}"; done
  cp "$file" "$root/modules/"
  echo "${file##*/}" >>"$root/modules/order"
}
mkdir -p "$root/modules"
for name in virtio_pci virtio_net xenfs xen_evtchn xen_gntdev xen_gntalloc xen_privcmd; do add_module "$name"; done

# Accounts and keys.
printf 'root:x:0:0:root:/root:/bin/bash\nsshd:x:100:65534::/run/sshd:/usr/sbin/nologin\nnobody:x:65534:65534::/:/usr/sbin/nologin\n' >"$root/etc/passwd"
printf 'root:x:0:\ntty:x:5:\nnogroup:x:65534:\n' >"$root/etc/group"
echo 'root:*:19000:0:99999:7:::' >"$root/etc/shadow"
printf 'passwd: files\ngroup: files\nhosts: files\n' >"$root/etc/nsswitch.conf"
printf '127.0.0.1 localhost\n198.51.100.1 xen-a\n198.51.100.2 xen-b\n' >"$root/etc/hosts"
for name in key host-key; do ssh-keygen -q -t ed25519 -N '' -C whither -f "$dir/$name"; done
cut -d' ' -f1,2 "$dir/host-key.pub" >"$dir/known"
mkdir -p -m 700 "$root/root/.ssh"
cp "$dir/key" "$root/root/.ssh/id_ed25519"
cp "$dir/key.pub" "$root/root/.ssh/authorized_keys"
for name in xen-a,198.51.100.1 xen-b,198.51.100.2; do echo "$name $(cat "$dir/known")"; done >"$root/root/.ssh/known_hosts"
cp "$dir/host-key" "$root/etc/ssh/ssh_host_ed25519_key"
chmod 600 "$root/root/.ssh/id_ed25519" "$root/etc/ssh/ssh_host_ed25519_key"
cat >"$root/etc/ssh/sshd_config" <<'END'
HostKey /etc/ssh/ssh_host_ed25519_key
PermitRootLogin prohibit-password
PasswordAuthentication no
UsePAM no
UseDNS no
StrictModes no
MaxStartups 50
MaxSessions 50
SetEnv PATH=/usr/sbin:/usr/bin:/sbin:/bin
END

# The guest: a kernel that xl can unpack, and a busybox that counts.
mkdir -p "$root/guest" "$dir/guest/bin"
dpkg-deb --fsys-tarfile "$dir"/cache/archives/"$(cat "$dir/guest-kernel")"_*.deb | tar -xO --wildcards './boot/vmlinuz-*' >"$root/guest/vmlinuz"
cp "$root/usr/bin/busybox" "$dir/guest/bin/busybox"
install -m 755 "$here/guest-init.sh" "$dir/guest/init"
(cd "$dir/guest" && find . | cpio --quiet -o -H newc -R 0:0 | gzip -1) >"$root/guest/initrd"

install -m 755 "$here/host-init.sh" "$root/init"
install -m 755 "$here/plain.sh" "$root/usr/bin/plain"
[ -e "$root/usr/bin/sh" ] || ln -s dash "$root/usr/bin/sh"
[ -e "$root/usr/bin/awk" ] || ln -s mawk "$root/usr/bin/awk"
rm -rf "$root"/var/{run,lock}
ln -s /run "$root/var/run"
ln -s /run/lock "$root/var/lock"
mkdir -p "$root"/{proc,sys,dev,run,tmp,var/lib/xen,var/log/xen/console,var/lib/xenstored,var/empty}
ldconfig -r "$root"
(cd "$root" && find . | cpio --quiet -o -H newc) >"$dir/root.cpio"
rm -rf "$root" "$dir/cache" "$dir/kernel.d" "$dir/guest" "$dir/status" "$dir/preferences"
