import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { World } from './world.js';

/** One thing that may happen to the world, by the name of what happens. */
interface Happening {
  readonly name: string;
  readonly happen: (world: World) => void;
}

class Happens implements fc.Command<object, World> {
  readonly what: Happening;
  constructor(what: Happening) {
    this.what = what;
  }
  check(): boolean {
    return true;
  }
  run(_: object, world: World): void {
    this.what.happen(world);
    world.check();
  }
  toString(): string {
    return this.what.name;
  }
}

const host = fc.constantFrom('a', 'b', 'c');
const guest = fc.constantFrom('g', 'h');
const which = fc.nat({ max: 20 });
const way = fc.constantFrom('to server' as const, 'to clients' as const);
const mostly = fc.integer({ min: 0, max: 4 }).map((n) => n > 0);

const happens = (name: string, happen: Happening['happen']): Happens => new Happens({ name, happen });

const ordinary = [
  host.map((id) => happens(`turn ${id}`, (w) => w.turn(id))),
  host.map((id) => happens(`turn ${id}`, (w) => w.turn(id))),
  guest.map((id) => happens(`guest turn ${id}`, (w) => w.guestTurn(id))),
  which.map((n) => happens(`deliver ${n}`, (w) => w.deliver(n))),
  which.map((n) => happens(`deliver ${n}`, (w) => w.deliver(n))),
  which.map((n) => happens(`answer ${n}`, (w) => w.answer(n))),
  which.map((n) => happens(`answer ${n}`, (w) => w.answer(n))),
  fc.tuple(which, mostly).map(([n, well]) => happens(`work ${n} ${well}`, (w) => w.work(n, well))),
  fc.tuple(which, mostly).map(([n, well]) => happens(`load ${n} ${well}`, (w) => w.load(n, well))),
  fc.integer({ min: 1, max: 12_000 }).map((ms) => happens(`pass ${ms}`, (w) => w.pass(ms))),
  fc.tuple(guest, host).map(([id, to]) => happens(`order ${id} ${to}`, (w) => w.say({ kind: 'order', guest: id, to }))),
  fc.constant(happens('round', (w) => w.round())),
];

const troubles = [
  fc.tuple(which, way).map(([n, to]) => happens(`lose ${n} ${to}`, (w) => w.lose(n, to))),
  fc.tuple(which, way).map(([n, to]) => happens(`duplicate ${n} ${to}`, (w) => w.duplicate(n, to))),
  host.map((id) => happens(`restart ${id}`, (w) => w.restart(id))),
  guest.map((id) => happens(`restart guest ${id}`, (w) => w.restartGuest(id))),
];

const recalls = [
  host.map((id) => happens(`recall ${id}`, (w) => w.say({ kind: 'recall', host: id }))),
  host.map((id) => happens(`stay ${id}`, (w) => w.say({ kind: 'stay', host: id }))),
];
const serverRestarts = [fc.constant(happens('restart server', (w) => w.restartServer()))];
const crashes = [host.map((id) => happens(`crash ${id}`, (w) => w.crash(id)))];

const started = (rounds: number): World => {
  const world = new World();
  for (let n = 0; n < 3; n += 1) world.round();
  world.say({ kind: 'order', guest: 'g', to: 'b' });
  for (let n = 0; n < rounds; n += 1) world.round();
  return world;
};

const lives = (
  happenings: fc.Arbitrary<Happens>[],
  afterwards: (world: World) => void,
  parameters: fc.Parameters<unknown> = {},
): void =>
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 8 }),
      fc.commands<object, World>(happenings, { maxCommands: 100, size: '+1' }),
      (rounds, happened) => {
        const world = started(rounds);
        fc.modelRun(() => ({ model: {}, real: world }), happened);
        afterwards(world);
      },
    ),
    { numRuns: 60, ...parameters } as fc.Parameters<[number, Iterable<fc.Command<object, World>>]>,
  );

describe('the migration protocol under loss, delay, duplication and reordering', () => {
  test('M31 M34 it ends in done or reset, the marks are released and the map is the truth', () =>
    lives([...ordinary, ...troubles], (world) => {
      world.calm();
      world.checkRest();
    }));

  test('M33a M40 so it does with recalls in between', () =>
    lives([...ordinary, ...troubles, ...recalls], (world) => {
      world.calm();
      world.checkRest();
    }));

  test('M34 so it does when the server is started anew, which asks and does not guess', () =>
    lives([...ordinary, ...troubles, ...serverRestarts], (world) => {
      world.calm();
      world.checkRest();
    }));

  test('M34 when hosts crash, only a guest whose fate nobody can know is held, and a word by hand frees it', () =>
    lives([...ordinary, ...troubles, ...crashes], (world) => {
      world.calm();
      for (const { order, held, source } of world.server.flights) {
        expect(held).toBe(true);
        expect(source).toBe('keeps');
        expect(world.running(order.guest)).toEqual([]);
        const runs = world.ran.has(order.id) ? 'nowhere' : 'source';
        if (runs === 'source') world.dead.delete(order.guest);
        world.say({ kind: 'verdict', migration: order.id, runs });
      }
      world.calm();
      expect(world.server.flights).toEqual([]);
      for (const id of world.guests.keys()) expect(world.mapped(id)).toBe(true);
    }));
});
