/** DriverConformance: what every driver has to keep, as checks for any test runner. */
import type { ConvergenceAction } from '../../model/index.js';
import type { DriverCheck, DriverHarness } from './harness.js';
import { copying, moving } from './moving.js';
import { refusing } from './refusing.js';
import { seeing } from './seeing.js';
import { check, type Stage, staged } from './watching.js';

const taking =
  (action: ConvergenceAction) =>
  async (stage: Stage): Promise<void> => {
    const { world, watch, until } = stage;
    await copying(stage);
    const steered = watch(() => world.driver.steer(world.order.id, action));
    await until('steering', () => steered.end() !== 'open');
    check(steered.end() === 'complete', () => `it is refused: ${JSON.stringify(steered.end())}`);
  };

/**
 * The checks that a driver has to pass. Each opens a world of its own and closes it. Where a check does not apply it is named in
 * `except`, with the reason; a name that no check has is an error, so that none is left out by a slip.
 *
 * @throws Error where an exception names no check
 *
 * @example
 * for (const { name, skipped, run } of driverConformance({ open, patience: seconds(30) }))
 *   test(name, { skip: skipped ?? false }, run);
 */
export const driverConformance = (harness: DriverHarness): readonly DriverCheck[] => {
  const { open, patience, actions = [], except = {} } = harness;
  const all: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
    ...seeing,
    ...moving,
    ...refusing,
    ...Object.fromEntries(actions.map((action) => [`a move takes the action: ${action.kind}`, taking(action)])),
  };
  for (const name of Object.keys(except))
    if (!Object.hasOwn(all, name)) throw new Error(`driverConformance: except: no check is called "${name}"`);
  return Object.entries(all).map(([name, play]) => {
    const skipped = except[name];
    return {
      name,
      ...(skipped === undefined ? {} : { skipped }),
      run: async () => staged(await open(), patience, play),
    };
  });
};
