#!/bin/bash
# Runs a command on the other host without a cipher, which takes most of a move's time under emulation; as ssh is called.
#   plain HOST COMMAND...       the first line is the command, what follows is its input
#   plain serve                 the other end
if [ "$1" = serve ]; then
  read -r command
  exec bash -c "$command" 2>>/tmp/plain.log
fi
host=$1
shift
{
  printf '%s\n' "$*"
  exec cat
} | exec socat -b 262144 - "TCP:$host:7777"
