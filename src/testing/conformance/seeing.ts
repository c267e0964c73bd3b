/** Seeing: checks of what a driver tells of its world: inventory, samples, and moves under way. */
import { inventorySchema, pathText, sampleSchema } from '../../model/index.js';
import { type Stage, check } from './watching.js';

/** The host that a guest stands on by the driver's word now. */
export const hostOf = async ({ world, answer }: Stage, driver = world.driver): Promise<string | undefined> => {
  const { guests } = await answer('inventory', () => driver.inventory());
  return guests.find(({ id }) => id === world.order.guest)?.host;
};

/** Checks of what is told without a move. */
export const seeing: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  'the inventory comes at once, is well-formed, and has the guest where the order says': async (stage) => {
    const { answer, world } = stage;
    const inventory = await answer('inventory', () => world.driver.inventory());
    const read = inventorySchema.safeParse(inventory);
    check(
      read.success,
      () =>
        `inventory${pathText(['', ...(read.error?.issues[0]?.path ?? [])])}: ${read.error?.issues[0]?.message ?? ''}`,
    );
    check((await hostOf(stage)) === world.order.from, () => `the guest is not on ${world.order.from}`);
  },

  'the inventory does not complete while the driver can be reached': async ({ watch, until, world }) => {
    const { values, end } = watch(() => world.driver.inventory());
    await until('inventory', () => values.length > 0);
    for (let i = 0; i < 10; i += 1) await world.pass(100);
    check(end() === 'open', () => `it ends: ${JSON.stringify(end())}`);
  },

  'samples are of subjects of the inventory, well-formed, and in order of time': async ({
    watch,
    until,
    answer,
    world,
  }) => {
    const { hosts, guests } = await answer('inventory', () => world.driver.inventory());
    const { values, end } = watch(() => world.driver.samples());
    const samples = (): typeof values => values.filter(({ kind }) => kind !== 'bad-input');
    await until('samples', () => samples().length >= 6 || end() !== 'open');
    check(end() === 'open', () => `samples end: ${JSON.stringify(end())}`);
    const last = new Map<string, number>();
    for (const sample of values) {
      if (sample.kind === 'bad-input') continue;
      const read = sampleSchema.safeParse(sample);
      check(read.success, () => `${JSON.stringify(sample)}: ${read.error?.issues[0]?.message ?? ''}`);
      const known: readonly { readonly id: string }[] = sample.kind === 'host' ? hosts : guests;
      check(
        known.some(({ id }) => id === sample.id),
        () => `no ${sample.kind} of the inventory is called ${sample.id}`,
      );
      const subject = `${sample.kind} ${sample.id}`;
      check(
        (last.get(subject) ?? -Infinity) < sample.at,
        () => `${subject} is told of twice at ${sample.at}, or backwards`,
      );
      last.set(subject, sample.at);
    }
  },

  'nothing is under way at first, and asking completes': async ({ watch, until, world }) => {
    const { values, end } = watch(() => world.driver.inFlight());
    await until('in flight', () => end() !== 'open');
    check(end() === 'complete', () => `it ends: ${JSON.stringify(end())}`);
    check(JSON.stringify(values) === '[[]]', () => `it tells of ${JSON.stringify(values)}`);
  },

  'an order that nobody subscribes to is not carried out': async (stage) => {
    const { world, answer } = stage;
    world.driver.migrate(world.order);
    for (let i = 0; i < 5; i += 1) await world.pass(100);
    const moves = await answer('in flight', () => world.driver.inFlight());
    check(moves.length === 0, () => 'a move is under way');
    check((await hostOf(stage)) === world.order.from, () => 'the guest has moved');
  },
};
