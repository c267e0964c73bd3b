import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PeerWorld } from './peer-world.js';

/** One thing that may happen to the world, by the name of what happens. */
interface Happening {
  readonly name: string;
  readonly happen: (world: PeerWorld) => void;
}

const host = fc.constantFrom('a', 'b', 'c');
const guest = fc.constantFrom('g', 'h');
const which = fc.nat({ max: 30 });
const mostly = fc.integer({ min: 0, max: 4 }).map((n) => n > 0);

const ordinary: fc.Arbitrary<Happening>[] = [
  host.map((id) => ({ name: `turn ${id}`, happen: (w) => w.turn(id) })),
  host.map((id) => ({ name: `turn ${id}`, happen: (w) => w.turn(id) })),
  which.map((n) => ({ name: `deliver ${n}`, happen: (w) => w.deliver(n) })),
  which.map((n) => ({ name: `deliver ${n}`, happen: (w) => w.deliver(n) })),
  which.map((n) => ({ name: `deliver ${n}`, happen: (w) => w.deliver(n) })),
  fc.tuple(which, mostly).map(([n, well]) => ({ name: `work ${n} ${well}`, happen: (w) => w.work(n, well) })),
  fc.tuple(which, mostly).map(([n, well]) => ({ name: `load ${n} ${well}`, happen: (w) => w.load(n, well) })),
  fc.integer({ min: 1, max: 12_000 }).map((ms) => ({ name: `pass ${ms}`, happen: (w) => w.pass(ms) })),
  fc.tuple(guest, host).map(([id, to]) => ({ name: `wish ${id} ${to}`, happen: (w) => w.wishes.set(id, to) })),
  fc.constant({ name: 'round', happen: (w: PeerWorld) => w.round() }),
];
const troubles: fc.Arbitrary<Happening>[] = [
  which.map((n) => ({ name: `lose ${n}`, happen: (w) => w.lose(n) })),
  which.map((n) => ({ name: `duplicate ${n}`, happen: (w) => w.duplicate(n) })),
];
const restarts = [host.map((id): Happening => ({ name: `restart ${id}`, happen: (w) => w.restart(id) }))];
const crashes = [host.map((id): Happening => ({ name: `crash ${id}`, happen: (w) => w.crash(id) }))];

const lives = (happenings: fc.Arbitrary<Happening>[], afterwards: (world: PeerWorld) => void): void =>
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 8 }),
      fc.array(fc.oneof(...happenings), { maxLength: 100, size: 'max' }),
      (rounds, happened) => {
        const world = new PeerWorld();
        for (let n = 0; n < 2; n += 1) world.round();
        world.wishes.set('g', 'b').set('h', 'a');
        for (let n = 0; n < rounds; n += 1) world.round();
        for (const { happen } of happened) {
          happen(world);
          world.check();
        }
        // Nobody wants anything any more, so what is begun comes to its end.
        world.wishes.clear();
        world.calm();
        afterwards(world);
      },
    ),
    { numRuns: 40 },
  );

describe('nodes without a server, under loss, delay, duplication and reordering', () => {
  test('M5 every migration ends in done or reset, with one copy of each guest, and all nodes know where it is', () =>
    lives([...ordinary, ...troubles], (world) => world.checkRest()));

  test('M5 so it does when nodes are started anew, which ask and do not guess', () =>
    lives([...ordinary, ...troubles, ...restarts], (world) => world.checkRest()));

  test('M5 when hosts crash, only a guest whose fate nobody can know is held; no other is twice or nowhere', () =>
    lives([...ordinary, ...troubles, ...crashes], (world) => {
      for (const { server } of world.nodes.values())
        for (const { held, source, order } of server.flights) {
          expect([held, source]).toEqual([true, 'keeps']);
          expect(world.running(order.guest)).toEqual([]);
        }
    }));
});
