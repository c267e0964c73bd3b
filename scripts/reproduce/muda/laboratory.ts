/** Laboratory: the hosts of each chapter, their networks, and how fast they are on its jobs. */
import { gigahertz, type Host, mbps, type StoragePath } from '../../../src/model/index.js';
import { copyRate } from './jobs.js';
import { baseline72, baseline75, clocks, encoding53, table73 } from './measured.js';
import { labHost } from './trial.js';

/** The clock at which a host does what another does at its own, from how long both take. */
const effective = (clock: number, length: number, there: number): number => gigahertz((clock * length) / there);

/** Chapter 5.3: two hypervisors, image on a third machine, a link whose bandwidth was limited. */
export const chapter5 = (link: number): readonly Host[] => {
  const { baseline, clock } = encoding53;
  const networks = [{ role: 'migration', link: 'migration', bandwidth: mbps(link) }] as const;
  return [
    labHost('h1', gigahertz(clock.h1), { networks }),
    labHost('h2', effective(clock.h1, baseline.h1, baseline.h2), { networks }),
  ];
};

const way = (access: StoragePath['access'], score: number): readonly StoragePath[] => [{ id: 'image', access, score }];

/** The kinds of copies. */
export type Copying = 'copyIso' | 'copyContents';

/** Chapter 7.3: laptop with the image, and desktop 1; migration and storage share one network. */
export const chapter73 = (copying: Copying = 'copyIso'): readonly Host[] => {
  const bandwidth = mbps(table73.link);
  const networks = (['migration', 'storage'] as const).map((role) => ({ role, link: 'shared', bandwidth }));
  const { encode, copyProcessor, [copying]: copies } = baseline72;
  return [
    labHost('desktop1', effective(clocks.laptop, encode.laptop, encode.desktop1), {
      networks,
      storage: way('nfs', copyRate(copies.desktop1, copyProcessor.desktop1)),
    }),
    labHost('laptop', gigahertz(clocks.laptop), {
      networks,
      storage: way('local', copyRate(copies.laptop, copyProcessor.laptop)),
    }),
  ];
};

/** Chapter 7.4: desktop 2 with the image, and desktop 1; networks are apart. */
export const chapter74 = (copying: Copying = 'copyIso'): readonly Host[] => {
  const { link, encode, copyProcessor, [copying]: copies } = baseline75;
  const networks = [
    { role: 'migration', link: 'migration', bandwidth: mbps(link) },
    { role: 'storage', link: 'storage', bandwidth: mbps(1000) },
  ] as const;
  return [
    labHost('desktop1', effective(clocks.desktop2, encode.desktop2, encode.desktop1), {
      networks,
      storage: way('nfs', copyRate(copies.desktop1, copyProcessor)),
    }),
    labHost('desktop2', gigahertz(clocks.desktop2), {
      networks,
      storage: way('local', copyRate(copies.desktop2, copyProcessor)),
    }),
  ];
};

/** The clock of a host, hertz. */
export const clockOf = (hosts: readonly Host[], id: string): number =>
  hosts.find((host) => host.id === id)?.cpu.clock ?? NaN;
