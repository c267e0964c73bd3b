/** The launch parameters of the example's guest. */
import type { protocol } from 'whither/engine';
import { guest } from './site.js';

export const launchParameters: protocol.LaunchParameters = {
  memory: guest.memory,
  vcpus: guest.vcpus,
  disks: [{ storage: 'home-disk', image: 'dev.img', access: 'local' }],
  networks: ['lan'],
  peripherals: ['usb-tablet'],
  arguments: ['-machine', 'q35'],
};
