/** Site: the two hosts and the guest of the example. The laptop `home` holds the guest's image. */
import { gibibytes, gigahertz, type Guest, type Host, mbps, mebibytes } from 'whither/model';

const host = (id: string, clock: number, access: 'local' | 'nfs'): Host => ({
  id,
  state: 'active',
  cpu: { clock: gigahertz(clock), cores: 2, threads: 4, architecture: 'x86_64' },
  memory: { total: gibibytes(4), reserved: 0 },
  storage: [{ id: 'home-disk', access }],
  networks: [{ role: 'migration', link: 'lan', bandwidth: mbps(700) }],
  devices: [],
  power: [],
  labels: {},
});

/** The hosts by name. */
export const hosts: Readonly<Record<string, Host>> = {
  home: host('home', 2, 'local'),
  desktop: host('desktop', 3.33, 'nfs'),
};

/** The guest, at home. It is small, so that rule 3 asks it to be busy for half a second and not for half a minute. */
export const guest: Guest = {
  id: 'dev',
  host: 'home',
  home: 'home',
  vcpus: 1,
  memory: mebibytes(16),
  devices: [],
  image: { storage: 'home-disk' },
  labels: {},
  together: [],
  apart: [],
  pins: [],
  migratable: true,
};

/** How often clients report, milliseconds: faster than the thesis' second, so that one need not wait. */
export const interval = 150;
