/** Flavours: turns arbitrary recipes into those of a kind: small, realistic, or in one of the plights that policies fail in. */
import * as fc from 'fast-check';
import { gibibytes, gigahertz, guestMemory, type Host, type Readings, seconds } from '../model/index.js';
import { flightsOf, type Life, type LivingGuest, type LivingHost, type Recipe, type Wish } from './recipe.js';
import { plainHost } from './smaller-recipes.js';

/** A plight: all idle; full of memory and work; hosts very unequal; half of it silent; many moves in flight. */
export type Plight = 'idle' | 'full' | 'unequal' | 'half-known' | 'migrating';

/**
 * What clusters are like. `computing`: guests that have been computing for a minute, their load rising, their processes told, so that policies
 * that look at processes and at the past have something to decide. `small`: up to three hosts with two guests each, all known, nothing odd. `realistic`: up to eight
 * equal hosts with eight guests each, one subject in a hundred silent, a move or two in flight. `hostile`: in any {@link Plight},
 * and odd. A plight by its name: that one.
 */
export type Flavour = 'small' | 'realistic' | 'hostile' | 'computing' | Plight;

const withUsed = (life: Life, used: (share: number) => number): Life => ({
  ...life,
  history: life.history.map((reading): Readings => {
    if (!reading.cpu) return reading;
    const share = used(reading.cpu.used);
    return { ...reading, cpu: { used: share, iowait: 0, steal: 0, idle: 1 - share } };
  }),
});

const everyLife = (one: LivingHost, turn: (life: Life, i: number) => Life): LivingHost => ({
  ...one,
  life: turn(one.life, 0),
  guests: one.guests.map(({ guest, life }, i) => ({ guest, life: turn(life, i + 1) })),
});

/** A host whose guests take all of its memory. */
const filled = (one: LivingHost): LivingHost => {
  const taken = one.guests.reduce((sum, { guest }) => sum + guest.memory, 0);
  const factor = guestMemory(one.host) / Math.max(1, taken);
  return {
    ...one,
    guests: one.guests.map(({ guest, life }) => ({
      guest: { ...guest, memory: Math.floor(guest.memory * factor) },
      life,
    })),
  };
};

/** A weak host or a strong one, of the memory that it had or more. */
const ofStrength = (host: Host, strong: boolean): Host => ({
  ...host,
  cpu: { ...host.cpu, cores: strong ? 32 : 1, threads: strong ? 64 : 1, clock: gigahertz(strong ? 4 : 1) },
  memory: strong ? { ...host.memory, total: gibibytes(512) } : host.memory,
});

const wish: fc.Arbitrary<Wish> = fc.record({
  guest: fc.nat(1000),
  step: fc.integer({ min: 1, max: 5 }),
  ago: fc.constant(60_000),
  done: fc.constant(true),
});

/** Numbers that decide who is silent, one for each subject. */
const coins = fc.array(fc.nat(2), { minLength: 24, maxLength: 24 });

const plights: Readonly<Record<Plight, (source: fc.Arbitrary<Recipe>) => fc.Arbitrary<Recipe>>> = {
  idle: (source) =>
    source.map((recipe) => ({
      ...recipe,
      hosts: recipe.hosts.map((one) => everyLife(one, (life) => withUsed(life, () => 0))),
    })),
  full: (source) =>
    source.map((recipe) => ({
      ...recipe,
      hosts: recipe.hosts.map((one) => everyLife(filled(one), (life) => withUsed(life, (used) => 1 - used / 10))),
    })),
  unequal: (source) =>
    source.map((recipe) => ({
      ...recipe,
      hosts: recipe.hosts.map((one, i) =>
        everyLife({ ...one, host: ofStrength(one.host, i % 2 === 0) }, (life) =>
          withUsed(life, (used) => (i % 2 === 0 ? used / 10 : 1 - used / 10)),
        ),
      ),
    })),
  'half-known': (source) =>
    fc.tuple(source, coins).map(([recipe, thrown]) => ({
      ...recipe,
      hosts: recipe.hosts.map((one, i) =>
        everyLife(one, (life, j) => {
          const grade = (['fresh', 'stale', 'unseen'] as const)[thrown[(i * 6 + j) % thrown.length] ?? 0] ?? 'fresh';
          return { ...life, grade };
        }),
      ),
    })),
  migrating: (source) =>
    fc
      .tuple(source, fc.array(wish, { minLength: 2, maxLength: 6 }))
      .map(([recipe, flying]) => ({ ...recipe, flying: flightsOf(recipe.hosts, flying) })),
};

/** Equal hosts, a silent subject here and there, and a move or two in flight. */
const realistic = (source: fc.Arbitrary<Recipe>): fc.Arbitrary<Recipe> =>
  fc
    .tuple(source, fc.array(wish, { maxLength: 2 }), fc.array(fc.nat(99), { minLength: 16, maxLength: 16 }))
    .map(([recipe, flying, thrown]) => ({
      ...recipe,
      flying: flightsOf(recipe.hosts, flying),
      hosts: recipe.hosts.map((one, i) =>
        everyLife(
          {
            ...one,
            host: {
              ...one.host,
              ...plainHost,
              cpu: { ...plainHost.cpu, cores: 16, threads: 32 },
              memory: { total: gibibytes(64), reserved: gibibytes(1) },
            },
          },
          (life, j) => ({ ...life, grade: thrown[(i * 11 + j) % thrown.length] === 99 ? 'stale' : 'fresh' }),
        ),
      ),
    }));

/** Samples of a guest that computes, and the time from one to the next. */
const [minute, pace] = [13, seconds(5)];

/** A minute in which one process has had most of the processor, and more and more has waited for it. */
const busyMinute = ({ guest, life }: LivingGuest): Life => {
  const latest = life.history.at(-1);
  const used = 0.7 + 0.3 * (latest?.cpu?.used ?? 1);
  const inUse = latest?.memory?.used ?? guest.memory / 2;
  return {
    ...life,
    history: Array.from({ length: minute }, (_, n): Readings => ({
      ...latest,
      at: (n + 1 - minute) * pace,
      cpu: { used, user: used, system: 0, iowait: 0, steal: 0, idle: 1 - used },
      load: { one: guest.vcpus + (n - 3) / 4, five: guest.vcpus, fifteen: guest.vcpus },
      memory: { total: guest.memory, used: inUse },
      processes: [
        { name: 'encoder', cpu: used, memory: Math.floor(inUse / 2) },
        { name: 'shell', cpu: 0, memory: 0 },
      ],
    })),
  };
};

/** Every third guest does nothing; the others compute, on hosts of different speed. */
const computing = (source: fc.Arbitrary<Recipe>): fc.Arbitrary<Recipe> =>
  source.map((recipe) => ({
    ...recipe,
    hosts: recipe.hosts.map((one, i) => ({
      ...one,
      host: { ...one.host, cpu: { ...one.host.cpu, clock: gigahertz(2 + (i % 3)) } },
      guests: one.guests.map((living, j) => ({
        ...living,
        life: j % 3 === 2 ? withUsed(living.life, () => 0) : busyMinute(living),
      })),
    })),
  }));

/** Recipes of a flavour, made from any. */
export const flavoured = (flavour: Flavour, source: fc.Arbitrary<Recipe>): fc.Arbitrary<Recipe> => {
  switch (flavour) {
    case 'small':
      return source;
    case 'realistic':
      return realistic(source);
    case 'computing':
      return computing(source);
    case 'hostile':
      return fc.oneof(...Object.values(plights).map((plight) => plight(source)));
    default:
      return plights[flavour](source);
  }
};
