#!/bin/bash
# Two libvirt hosts, host-a and host-b, on one machine: each a tree of processes in namespaces of its own.
#   hosts.sh up DIR             makes both, with the guest's kernel and initial RAM disk
#   hosts.sh pid DIR a          the first process of a host, by which others enter it
#   hosts.sh down DIR           ends both; namespaces, links and mounts vanish with their processes
# Needs root, but neither KVM nor systemd. The machine's own network is not touched: the link between the two is made within
# their namespaces, with addresses of TEST-NET-2. DIR is /run/lab in both, as storage that they share.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
declare -A address=([a]=198.51.100.1 [b]=198.51.100.2)
declare -A number=([a]=aaaaaaaa-0000-4000-8000-000000000001 [b]=bbbbbbbb-0000-4000-8000-000000000002)
# Controllers of cgroup version 1, where the machine has them.
controllers=$(for name in cpu cpuacct cpuset memory devices freezer blkio pids; do if [ -d "/sys/fs/cgroup/$name" ]; then echo "$name"; fi; done)

first_of() { ps -o pid= --ppid "$(cat "$1/$2.outer")" | awk 'NR == 1 { print $1 }'; }

# The first process of a host.
be_host() {
  local dir=$1 host=$2 own=$1/$2
  hostname "host-$host"
  mount --make-rprivate /
  mkdir -p "$own"/{etc/qemu,lib/qemu,log/qemu,cache}
  printf '127.0.0.1 localhost\n%s host-a\n%s host-b\n' "${address[a]}" "${address[b]}" >"$own/hosts"
  cat >"$own/etc/libvirtd.conf" <<END
listen_tls = 0
listen_tcp = 1
listen_addr = "0.0.0.0"
auth_tcp = "none"
auth_unix_rw = "none"
auth_unix_ro = "none"
unix_sock_group = "root"
host_uuid = "${number[$host]}"
keepalive_interval = 5
keepalive_count = 3
log_outputs = "3:file:$own/log/libvirtd.log"
END
  cat >"$own/etc/qemu.conf" <<END
user = "root"
group = "root"
dynamic_ownership = 0
remember_owner = 0
security_driver = "none"
security_default_confined = 0
namespaces = [ ]
stdio_handler = "file"
clear_emulator_capabilities = 0
migration_address = "0.0.0.0"
migration_host = "host-$host"
END
  mount --bind "$own/hosts" /etc/hosts
  mount -t tmpfs tmpfs /run
  mkdir -p /run/lab
  mount --bind "$dir" /run/lab
  for pair in /etc/libvirt:etc /var/lib/libvirt:lib /var/log/libvirt:log /var/cache/libvirt:cache; do
    mkdir -p "${pair%%:*}"
    mount --bind "$own/${pair##*:}" "${pair%%:*}"
  done
  mount -t sysfs sysfs /sys
  if [ -n "$controllers" ]; then
    mount -t tmpfs tmpfs /sys/fs/cgroup
    for name in $controllers; do
      mkdir -p "/sys/fs/cgroup/$name"
      mount -t cgroup -o "$name" cgroup "/sys/fs/cgroup/$name" || true
    done
  else
    mount -t cgroup2 cgroup2 /sys/fs/cgroup || true
  fi
  ip link set lo up
  until ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done
  ip addr add "${address[$host]}/29" dev eth0
  ip link set eth0 up
  libvirtd --listen --pid-file /run/libvirtd.pid >"$own/log/libvirtd.out" 2>&1 &
  trap 'exit 0' TERM
  while :; do
    sleep 1 &
    wait $! 2>/dev/null || true
  done
}

# A cgroup for each host and hierarchy, which is the root of all that the host sees.
enter_cgroups() {
  local name group
  for name in $controllers unified; do
    group=/sys/fs/cgroup/$name/$1
    [ -d "/sys/fs/cgroup/$name" ] || continue
    mkdir -p "$group" 2>/dev/null || continue
    if [ "$name" = cpuset ]; then
      cat /sys/fs/cgroup/cpuset/cpuset.cpus >"$group/cpuset.cpus"
      cat /sys/fs/cgroup/cpuset/cpuset.mems >"$group/cpuset.mems"
    fi
    echo "$BASHPID" >"$group/cgroup.procs" 2>/dev/null || true
  done
}

up() {
  local dir=$1 host try
  mkdir -p "$dir"
  "$here/guest.sh" "$dir/guest"
  for host in a b; do
    echo "whither-$host-$$" >"$dir/$host.cgroup"
    (
      enter_cgroups "whither-$host-$$"
      exec setsid unshare --mount --uts --ipc --net --pid --cgroup --fork --kill-child --mount-proc "$here/hosts.sh" be "$dir" "$host"
    ) </dev/null >"$dir/$host.out" 2>&1 &
    echo $! >"$dir/$host.outer"
  done
  for host in a b; do
    for try in $(seq 100); do
      [ -n "$(first_of "$dir" "$host" 2>/dev/null || true)" ] &&
        [ "$(readlink "/proc/$(first_of "$dir" "$host")/ns/net")" != "$(readlink /proc/self/ns/net)" ] && break
      sleep 0.05
    done
  done
  nsenter -t "$(first_of "$dir" a)" -n ip link add eth0 type veth peer name eth0 netns "$(first_of "$dir" b)"
  for host in a b; do
    for try in $(seq 300); do
      if nsenter -t "$(first_of "$dir" "$host")" -m -u -i -n -p -C -- virsh -c "qemu+tcp://host-$host/system" uri >/dev/null 2>&1; then
        continue 2
      fi
      sleep 0.2
    done
    echo "libvirtd on host-$host does not answer" >&2
    cat "$dir/$host.out" "$dir/$host/log/libvirtd.out" "$dir/$host/log/libvirtd.log" >&2 || true
    exit 1
  done
}

down() {
  local dir=$1 host name first outer group
  for host in a b; do
    [ -e "$dir/$host.outer" ] || continue
    outer=$(cat "$dir/$host.outer")
    first=$(first_of "$dir" "$host" 2>/dev/null || true)
    # The kernel kills all of a namespace with its first process.
    if [ -n "$first" ]; then kill -KILL "$first" 2>/dev/null || true; fi
    for _ in $(seq 100); do
      kill -0 "$outer" 2>/dev/null || break
      sleep 0.05
    done
    for name in $controllers unified; do
      group=/sys/fs/cgroup/$name/$(cat "$dir/$host.cgroup")
      if [ -d "$group" ]; then find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null || true; fi
    done
    rm -f "$dir/$host.outer"
  done
}

case $1 in
be) be_host "$2" "$3" ;;
up) up "$2" ;;
pid) first_of "$2" "$3" ;;
down) down "$2" ;;
*) echo "no such command: $1" >&2; exit 2 ;;
esac
