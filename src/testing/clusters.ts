/** Arbitrary clusters: hosts and guests, what is known of each, moves in flight and in the past, signals of a watch. */
import * as fc from 'fast-check';
import type { Watch } from '../metrics/index.js';
import { type Bytes, type Cluster, seconds } from '../model/index.js';
import { type Rate, seldom } from './chance.js';
import { type Bustle, equipment, type Furnished } from './equipment.js';
import { type Flavour, flavoured } from './flavours.js';
import { clusterFrom, flightsOf, type Grade, type Life, type Recipe, type Wish } from './recipe.js';
import { histories } from './samples.js';
import { shrinking } from './shrinking.js';
import { smallerRecipes } from './smaller-recipes.js';

/** How large and how wild clusters may be. */
export interface ClusterOptions {
  /** Most hosts. @defaultValue 4; of a flavour, what {@link Flavour} says */
  readonly hosts?: number;
  /** Most guests on one host. @defaultValue 5; of a flavour, what {@link Flavour} says */
  readonly guestsPerHost?: number;
  /**
   * Whether clusters may be wild: some hardly, some very. @defaultValue true; of a flavour, what {@link Flavour} says
   */
  readonly hostile?: boolean;
  /** What clusters are like. @defaultValue of no flavour: a little of everything */
  readonly flavour?: Flavour;
  /** The signals to fill: a policy's watch. @defaultValue none */
  readonly watch?: Watch;
}

interface Manner {
  readonly bustle: Bustle;
  readonly memory: Bytes;
  /** How often a subject is silent, or a reading missing. */
  readonly silence: Rate;
}

const lives = ({ bustle, memory, silence }: Manner): fc.Arbitrary<Life> =>
  fc.record({
    grade: seldom<Grade>(silence, 'fresh', 'stale', 'unseen'),
    history: histories({ memory, bustle, gaps: silence }),
  });

const wishes = (most: number): fc.Arbitrary<readonly Wish[]> =>
  fc.array(
    fc.record({
      guest: fc.nat(1000),
      step: fc.integer({ min: 1, max: 5 }),
      ago: fc.integer({ min: 1, max: 7200 }).map(seconds),
      done: fc.boolean(),
    }),
    { maxLength: most },
  );

const recipeOf = (
  furnished: readonly Furnished[],
  hostLives: readonly Life[],
  guestLives: readonly Life[],
  moves: { readonly flying: readonly Wish[]; readonly flown: readonly Wish[] },
): Recipe => {
  const unheard: Life = { grade: 'unseen', history: [] };
  const lifeOf = new Map(furnished.flatMap(({ guests }) => guests).map((guest, i) => [guest.id, guestLives[i]]));
  const hosts = furnished.map(({ host, guests }, i) => ({
    host,
    life: hostLives[i] ?? unheard,
    guests: guests.map((guest) => ({ guest, life: lifeOf.get(guest.id) ?? unheard })),
  }));
  return { hosts, flying: flightsOf(hosts, moves.flying), flown: flightsOf(hosts, moves.flown) };
};

interface Extent {
  readonly hosts: number;
  readonly guestsPerHost: number;
  readonly hostile: boolean;
}

const recipes = ({ hosts, guestsPerHost, hostile }: Extent): fc.Arbitrary<Recipe> =>
  (hostile ? fc.constantFrom(0, 0.02, 0.1, 0.3) : fc.constant(0)).chain((wildness) =>
    equipment({ hosts, guestsPerHost, oddness: wildness }).chain((furnished) =>
      fc
        .record({
          hostLives: fc.tuple(
            ...furnished.map(({ host, bustle }) => lives({ bustle, memory: host.memory.total, silence: wildness / 4 })),
          ),
          guestLives: fc.tuple(
            ...furnished.flatMap(({ guests, bustle }) =>
              guests.map(({ memory }) => lives({ bustle, memory, silence: wildness / 8 })),
            ),
          ),
          flying: wishes(hostile ? 2 : 0),
          flown: wishes(hostile ? 3 : 0),
        })
        .map(({ hostLives, guestLives, ...moves }) => recipeOf(furnished, hostLives, guestLives, moves)),
    ),
  );

/** How large and wild clusters of a flavour are where nothing else is asked for. */
const extents: Readonly<Record<Flavour | 'any', Extent>> = {
  any: { hosts: 4, guestsPerHost: 5, hostile: true },
  small: { hosts: 3, guestsPerHost: 2, hostile: false },
  realistic: { hosts: 8, guestsPerHost: 8, hostile: false },
  hostile: { hosts: 4, guestsPerHost: 5, hostile: true },
  computing: { hosts: 4, guestsPerHost: 3, hostile: false },
  idle: { hosts: 4, guestsPerHost: 5, hostile: false },
  full: { hosts: 4, guestsPerHost: 5, hostile: false },
  unequal: { hosts: 4, guestsPerHost: 5, hostile: false },
  'half-known': { hosts: 4, guestsPerHost: 5, hostile: true },
  migrating: { hosts: 4, guestsPerHost: 5, hostile: true },
};

/**
 * Clusters that are sane by construction: every guest stands on a host that has the memory for it, moves in flight have
 * room where they go, hosts and guests are sorted by name. Hostile ones (the default) also hold hosts that are draining,
 * failing or off, subjects that are stale, unseen or known in part, readings with gaps, moves in flight, a past, groups,
 * pins, devices, images and other processors. They shrink to few hosts, few guests, nothing odd and round loads.
 *
 * @example
 * fc.assert(fc.property(clusters({ watch: mine.watch }), (cluster) => expectLawful(mine, cluster)));
 *
 * @example
 * clusters({ flavour: 'full', watch: mine.watch }); // hosts without room, guests with much to do
 */
export const clusters = ({ watch = {}, flavour, ...given }: ClusterOptions = {}): fc.Arbitrary<Cluster> => {
  const source = recipes({ ...extents[flavour ?? 'any'], ...given });
  return shrinking(flavour === undefined ? source : flavoured(flavour, source), smallerRecipes).map((recipe) =>
    clusterFrom(recipe, watch),
  );
};
