/** Connection URIs: those that operators use are taken, those that could run or give away something are not. */
import { expect, test } from 'vitest';
import { connectionUri } from '../../../src/drivers/libvirt/connection-uri.js';

test.each([
  ['qemu:///system', 'unix', undefined],
  ['qemu:///session', 'unix', undefined],
  ['qemu+ssh://root@a.example.org:2222/system', 'ssh', 'a.example.org'],
  ['qemu+ssh://a/system?keyfile=/etc/keys/id&no_verify=1', 'ssh', 'a'],
  ['qemu+tcp://10.0.0.1/system', 'tcp', '10.0.0.1'],
  ['qemu+tls://[fd00::1]/system', 'tls', '[fd00::1]'],
  ['qemu://a/system', 'tls', 'a'],
  ['qemu+unix:///system?socket=/run/libvirt/other-sock', 'unix', undefined],
  ['test:///default', 'unix', undefined],
])('%s is taken', (text, transport, host) => {
  const read = connectionUri(text);
  expect(read.ok && [read.value.transport, read.value.host]).toEqual([transport, host]);
});

test.each([
  ['an option', '--help'],
  ['another hypervisor', 'vmwarews:///session'],
  ['an order for a shell', 'qemu+ssh://a;reboot/system'],
  ['a host that looks like an option of ssh', 'qemu+ssh://-oProxyCommand=x/system'],
  ['a user that looks like an option', 'qemu+ssh://-l@a/system'],
  ['a program to be run', 'qemu+ext:///system?command=/tmp/x'],
  ['a program to be run over there', 'qemu+ssh://a/system?netcat=/tmp/x'],
  ['a password', 'qemu+tcp://me:secret@a/system'],
  ['no host where there must be one', 'qemu+ssh:///system'],
  ['no such port', 'qemu+tcp://a:99999/system'],
  ['a line break', 'qemu:///system\n'],
  ['nothing', ''],
])('%s is refused', (_, text) => {
  expect(connectionUri(text).ok).toBe(false);
});
