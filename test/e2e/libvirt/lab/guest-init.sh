#!/bin/busybox sh
# First process of the guest. The kernel's command line says how many MiB it writes over and over: whither.dirty=16
/bin/busybox mkdir -p /proc /tmp /dev
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
mount -t tmpfs -o size=80% tmpfs /tmp
dirty=0
for word in $(cat /proc/cmdline); do
  case $word in whither.dirty=*) dirty=${word#*=} ;; esac
done
if [ "$dirty" -gt 0 ]; then
  # Random bytes, so that what is written over is neither zero nor the same.
  dd if=/dev/urandom of=/tmp/source bs=1M count=4 2>/dev/null
  (
    while :; do
      place=0
      while [ "$place" -lt "$dirty" ]; do
        dd if=/tmp/source of=/tmp/target bs=1M count=4 seek="$place" conv=notrunc 2>/dev/null
        place=$((place + 4))
      done
      usleep 200000
    done
  ) &
fi
second=0
while :; do
  echo "guest second $second"
  second=$((second + 1))
  sleep 1
done
