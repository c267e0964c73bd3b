/** SmallerRecipes: what a recipe shrinks to: fewer hosts, guests and moves first, then plainer ones, then rounder readings. */
import { gbps, gibibytes, gigahertz, type Guest, type Host, type Readings } from '../model/index.js';
import type { Life, LivingGuest, LivingHost, Recipe } from './recipe.js';
import { each, fewer } from './shrinking.js';

/** Replaces fields by plain ones, each by itself, where they are not plain already. */
const plainer = function* <Subject extends object>(subject: Subject, plain: Partial<Subject>): Generator<Subject> {
  for (const name of Object.keys(plain) as (keyof Subject)[])
    if (JSON.stringify(subject[name]) !== JSON.stringify(plain[name])) yield { ...subject, [name]: plain[name] };
};

/** What hosts of arbitrary clusters are like where nothing is odd about them. Their memory is left: guests must find room. */
export const plainHost: Pick<Host, 'state' | 'cpu' | 'devices' | 'storage' | 'networks' | 'power' | 'labels'> = {
  state: 'active',
  cpu: { clock: gigahertz(2), cores: 4, threads: 8, architecture: 'x86_64' },
  devices: [],
  storage: [
    { id: 'shared', access: 'nfs' },
    { id: 'scratch', access: 'local', free: gibibytes(100) },
  ],
  networks: [{ role: 'migration', link: 'net', bandwidth: gbps(10) }],
  power: [],
  labels: {},
};

const plainGuest: Partial<Guest> = {
  vcpus: 1,
  labels: {},
  devices: [],
  image: { storage: 'shared' },
  together: [],
  apart: [],
  pins: [],
  migratable: true,
};

const smallerGuests = function* (guest: Guest): Generator<Guest> {
  const { cpuModel, ...anyModel } = guest;
  if (cpuModel !== undefined) yield anyModel;
  yield* plainer(guest, plainGuest);
  if (guest.memory > gibibytes(1)) yield { ...guest, memory: gibibytes(1) };
};

/** Rounder numbers near a share: with fewer digits than it has. */
const rounder = (share: number): readonly number[] =>
  [0, 1, 0.5, Math.round(share * 10) / 10, Math.round(share * 100) / 100].filter(
    (round) => round !== share && String(round).length < String(share).length,
  );

const smallerReadings = function* (reading: Readings): Generator<Readings> {
  const { dirty, ...clean } = reading;
  if (dirty) yield clean;
  const { cpu } = reading;
  if (!cpu) return;
  const { used } = cpu;
  if (cpu.iowait !== 0 || cpu.steal !== 0)
    yield { ...reading, cpu: { used, iowait: 0, steal: 0, idle: Math.max(0, 1 - used) } };
  else for (const round of rounder(used)) yield { ...reading, cpu: { ...cpu, used: round, idle: 1 - round } };
};

const smallerLives = function* (life: Life): Generator<Life> {
  if (life.grade !== 'fresh') yield { ...life, grade: 'fresh' };
  // The last reading is the one that most signals tell of; the others go first.
  for (const history of fewer(life.history.slice(0, -1)))
    yield { ...life, history: [...history, ...life.history.slice(-1)] };
  for (const history of each(life.history, smallerReadings)) yield { ...life, history };
};

const livingGuests = function* ({ guest, life }: LivingGuest): Generator<LivingGuest> {
  for (const less of smallerGuests(guest)) yield { guest: less, life };
  for (const less of smallerLives(life)) yield { guest, life: less };
};

const livingHosts = function* (one: LivingHost): Generator<LivingHost> {
  for (const host of plainer(one.host, plainHost)) yield { ...one, host };
  for (const life of smallerLives(one.life)) yield { ...one, life };
  for (const guests of each(one.guests, livingGuests)) yield { ...one, guests };
};

const withFewerGuests = function* (one: LivingHost): Generator<LivingHost> {
  for (const guests of fewer(one.guests)) yield { ...one, guests };
};

/** Two neighbours as one guest of the memory of both, living as the one or as the other: as full a host, with fewer on it. */
const withMergedGuests = function* (one: LivingHost): Generator<LivingHost> {
  for (const [i, first] of one.guests.entries()) {
    const second = one.guests[i + 1];
    if (!second) continue;
    const memory = first.guest.memory + second.guest.memory;
    for (const { guest, life } of [first, second])
      yield {
        ...one,
        guests: [...one.guests.slice(0, i), { guest: { ...guest, memory }, life }, ...one.guests.slice(i + 2)],
      };
  }
};

/** What a recipe shrinks to, the boldest first. */
export const smallerRecipes = function* (recipe: Recipe): Generator<Recipe> {
  const { hosts, flying, flown } = recipe;
  if (flying.length + flown.length > 1) yield { ...recipe, flying: [], flown: [] };
  for (const less of fewer(hosts, 1)) yield { ...recipe, hosts: less };
  for (const less of each(hosts, withFewerGuests)) yield { ...recipe, hosts: less };
  for (const less of each(hosts, withMergedGuests)) yield { ...recipe, hosts: less };
  for (const less of fewer(flying)) yield { ...recipe, flying: less };
  for (const less of fewer(flown)) yield { ...recipe, flown: less };
  for (const less of each(hosts, livingHosts)) yield { ...recipe, hosts: less };
};
