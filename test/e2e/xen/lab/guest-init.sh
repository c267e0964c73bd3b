#!/bin/busybox sh
# First process of the guest: counts, with a word that is drawn when it starts. The same word and a count that goes on, on another
# host, tell a guest that was moved from one that was started again.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc 2>/dev/null || { mkdir -p /proc && mount -t proc proc /proc; }
word=$(cat /proc/sys/kernel/random/boot_id)
count=0
while :; do
  echo "guest $word $count"
  count=$((count + 1))
  sleep 1
done
