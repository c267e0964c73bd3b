#!/bin/bash
# First process of a host's first domain: does what Debian's services of Xen do, and starts sshd. The kernel's command line says
# which host it is: whither.host=a
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
ln -sfn /proc/self/fd /dev/fd
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t tmpfs run /run
mkdir -p /run/xen /run/xenstored /run/lock /run/sshd
chmod 700 /run/xen
host=a
for word in $(cat /proc/cmdline); do
  case $word in whither.host=*) host=${word#*=} ;; esac
done
case $host in a) address=198.51.100.1 ;; *) address=198.51.100.2 ;; esac
echo "xen-$host" >/proc/sys/kernel/hostname
while read -r module; do insmod "/modules/$module"; done </modules/order
mount -t xenfs xenfs /proc/xen
ip link set lo up
# eth0 is the way in from the machine that emulates this one, eth1 the link between the hosts. A packet costs much under emulation,
# so they are large.
ip addr add 10.0.2.15/24 dev eth0
ip link set eth0 up
ip addr add "$address/29" dev eth1
ip link set eth1 mtu 32000 up
tools=$(echo /usr/lib/xen-4.*/bin)
export XENSTORED_ROOTDIR=/run/xenstored
"$tools/xenstored" --pid-file /run/xenstore.pid
for _ in $(seq 300); do
  if xenstore-read -s / >/dev/null 2>&1; then break; fi
  sleep 0.1
done
"$tools/xen-init-dom0"
"$tools/xenconsoled" --log=all --log-dir=/var/log/xen/console --pid-file /run/xenconsoled.pid
/usr/sbin/sshd
setsid socat -b 262144 "TCP-LISTEN:7777,bind=$address,reuseaddr,fork" 'EXEC:plain serve' </dev/null >/dev/null 2>&1 &
echo "whither: ready" >/dev/hvc0
while :; do
  sleep 3600 &
  wait $!
done
