/** Two hosts and six guests that have all that a rule may ask of them. */
import { gibibytes, gigahertz, mebibytes, mebibytesPerSecond } from '../../../src/model/index.js';
import type { Ask, Row, Site } from './answer.js';
import { used } from './site.js';

/** Heard of last long ago. */
export const stale = { kind: 'stale', at: 0, age: 90_000 } as const;
/** All that the inventory may say of a host. */
export const host = {
  cpu: { clock: gigahertz(2), cores: 4, threads: 8, cache: mebibytes(8), architecture: 'x86_64' },
  memory: { total: gibibytes(17), reserved: gibibytes(1), speed: mebibytesPerSecond(5000) },
  networks: [
    { role: 'migration' as const, link: 'm', bandwidth: mebibytesPerSecond(100) },
    { role: 'guest' as const, link: 'g', bandwidth: mebibytesPerSecond(50) },
  ],
  storage: [
    { id: 'shared', access: 'nfs' as const, score: mebibytesPerSecond(70) },
    { id: 'own', access: 'local' as const, score: mebibytesPerSecond(300) },
  ],
  power: [
    { utilisation: 0, watts: 100 },
    { utilisation: 1, watts: 300 },
  ],
};
/** A fast host with three guests, two of them a pair, and a slow one with three, of which one is silent and one has no image. */
export const site: Site = {
  hosts: {
    a: { ...host, readings: used(0.5) },
    b: {
      cpu: { clock: gigahertz(1), cores: 4, threads: 8, architecture: 'x86_64' },
      networks: host.networks.slice(0, 1),
      readings: used(0.25),
    },
  },
  guests: {
    web: { on: 'a', readings: [{ cpu: { used: 0.5, steal: 0.1 } }], vcpus: 2, image: { storage: 'own' } },
    db: { on: 'a', readings: used(0.25), together: ['pair'] },
    db2: { on: 'a', readings: used(0.25), together: ['pair'], memory: gibibytes(3) },
    far: { on: 'b', readings: used(0.5), vcpus: 4, memory: gibibytes(2) },
    mute: { on: 'b', vcpus: 2 },
    bare: { on: 'b', image: undefined as never },
  },
};
/** A quantity that is above zero, and how it is said. */
export const zero = (
  measure: string,
  said: string,
  ask: (...given: Parameters<Ask>) => { readonly above: (limit: number) => ReturnType<Ask> },
  none = said.replace(/[\d.]+/, (number) => (number.includes('.') ? '0.0' : '0')),
): Row => [
  measure,
  (...given) => ask(...given).above(0),
  true,
  [`a ${measure} ${said} above ${none}`],
  [`a ${measure} ${said} not at most ${none}`],
];
