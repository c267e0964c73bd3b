/** Moving: checks of how a driver carries out a move, follows it, and gives it up. */
import type { MigrationEvent } from '../../drivers/index.js';
import type { Progress } from '../../model/index.js';
import { hostOf } from './seeing.js';
import { check, type Stage, type Watched } from './watching.js';

const progressOf = (events: readonly MigrationEvent[]): readonly Progress[] =>
  events.flatMap((event) => (event.kind === 'progress' ? [event.progress] : []));

/** Begins the move and waits until memory is copied. */
export const copying = async ({ watch, until, world }: Stage): Promise<Watched<MigrationEvent>> => {
  const move = watch(() => world.driver.migrate(world.order));
  await until(
    'copying',
    () => move.end() !== 'open' || progressOf(move.values).some(({ phase, sent }) => phase === 'copying' && sent > 0),
  );
  check(move.end() === 'open', () => `the move ends before it is seen copying: ${JSON.stringify(move.end())}`);
  return move;
};

const finished = (what: string, { values, end }: Watched<MigrationEvent>): void => {
  check(end() === 'complete', () => `${what} ends: ${JSON.stringify(end())}`);
  const done = values.filter(({ kind }) => kind === 'done').length;
  check(
    done === 1 && values.at(-1)?.kind === 'done',
    () => `${what} tells ${done} times that it is done, or goes on after it`,
  );
};

const rising = (what: string, numbers: readonly (number | undefined)[]): void => {
  const known = numbers.flatMap((number) => number ?? []);
  check(
    known.every((number) => Number.isFinite(number) && number >= 0),
    () => `${what} is not a number: ${known.join()}`,
  );
  check(
    known.every((number, i) => number >= (known[i - 1] ?? 0)),
    () => `${what} falls: ${known.join()}`,
  );
};

const nothingUnderWay = async ({ watch, until, world }: Stage): Promise<void> => {
  let asked: Watched<readonly unknown[]> | undefined;
  await until('the end of what is under way', () => {
    // A driver may need a moment to clear away.
    if (asked?.values[0]?.length === 0) return true;
    if (asked === undefined || asked.end() !== 'open') asked = watch(() => world.driver.inFlight());
    return asked.values[0]?.length === 0;
  });
};

/** Checks of moves. */
export const moving: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  'a move tells its progress, that it is done, and completes, and the guest is at its destination': async (stage) => {
    const { watch, until, world } = stage;
    const move = watch(() => world.driver.migrate(world.order));
    await until('the move', () => move.end() !== 'open');
    finished('the move', move);
    const progress = progressOf(move.values);
    check(progress.length > 0, () => 'it tells of no progress');
    rising(
      'the time of progress',
      progress.map(({ at }) => at),
    );
    rising(
      'what is sent',
      progress.map(({ sent }) => sent),
    );
    rising(
      'the round',
      progress.map(({ round }) => round),
    );
    check((await hostOf(stage)) === world.order.to, () => 'the guest is not at its destination');
    await nothingUnderWay(stage);
  },

  'the inventory shows a move without being asked again': async ({ watch, until, world }) => {
    const inventory = watch(() => world.driver.inventory());
    const move = watch(() => world.driver.migrate(world.order));
    await until('the move', () => move.end() !== 'open');
    await until(
      'the inventory',
      () => inventory.values.at(-1)?.guests.find(({ id }) => id === world.order.guest)?.host === world.order.to,
    );
  },

  'unsubscribing cancels a move, and the guest stays': async (stage) => {
    (await copying(stage)).stop();
    await nothingUnderWay(stage);
    check((await hostOf(stage)) === stage.world.order.from, () => 'the guest is not where it was');
  },

  'what was cancelled can be ordered again': async (stage) => {
    const { watch, until, world } = stage;
    (await copying(stage)).stop();
    await nothingUnderWay(stage);
    const move = watch(() => world.driver.migrate(world.order));
    await until('the move', () => move.end() !== 'open');
    finished('the move', move);
  },

  'a move under way is listed under its own name': async (stage) => {
    const { world, answer } = stage;
    await copying(stage);
    const moves = await answer('in flight', () => world.driver.inFlight());
    const { id, guest, from, to } = world.order;
    check(
      moves.length === 1 &&
        moves[0]?.id === id &&
        moves[0].guest === guest &&
        moves[0].from === from &&
        moves[0].to === to,
      () => `it tells of ${JSON.stringify(moves)}`,
    );
  },

  'a guest that moves cannot be ordered to move again': async (stage) => {
    const { world, failure, until } = stage;
    const move = await copying(stage);
    const { kind } = await failure('the second order', () => world.driver.migrate({ ...world.order, id: 'another' }));
    check(kind === 'conflict', () => `it is refused as ${kind}`);
    await until('the first move', () => move.end() !== 'open');
    finished('the first move', move);
  },

  'aborting ends a move as cancelled, and the guest stays': async (stage) => {
    const { world, watch, until } = stage;
    const move = await copying(stage);
    const steered = watch(() => world.driver.steer(world.order.id, { kind: 'abort' }));
    await until('the end of the move', () => move.end() !== 'open' && steered.end() !== 'open');
    check(steered.end() === 'complete', () => `steering ends: ${JSON.stringify(steered.end())}`);
    const end = move.end();
    check(typeof end === 'object' && end.kind === 'cancelled', () => `the move ends: ${JSON.stringify(end)}`);
    check((await hostOf(stage)) === world.order.from, () => 'the guest is not where it was');
  },

  'after a restart a move that is under way is found, and followed to its end': async (stage) => {
    const { world, answer, watch, until } = stage;
    await copying(stage);
    const driver = await world.restart();
    const [found, ...others] = await answer('in flight', () => driver.inFlight());
    const { guest, from, to } = world.order;
    check(found !== undefined && others.length === 0, () => 'it is not found, or not alone');
    check(
      found?.guest === guest && found.from === from && found.to === to,
      () => `it tells of ${JSON.stringify(found)}`,
    );
    const move = watch(() => driver.follow(found?.id ?? ''));
    await until('the move', () => move.end() !== 'open');
    finished('the move', move);
    check((await hostOf(stage, driver)) === to, () => 'the guest is not at its destination');
  },

  'who stops to follow a move leaves it alone': async (stage) => {
    const { world, answer, watch, until } = stage;
    const move = await copying(stage);
    const [found] = await answer('in flight', () => world.driver.inFlight());
    const followed = watch(() => world.driver.follow(found?.id ?? ''));
    await until('progress', () => followed.values.length > 0);
    followed.stop();
    await until('the move', () => move.end() !== 'open');
    finished('the move', move);
  },
};
