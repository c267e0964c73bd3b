/** Refusing: checks of how a driver refuses what cannot be. */
import type { FailureKind, MigrationOrder } from '../../model/index.js';
import { hostOf } from './seeing.js';
import { check, type Stage } from './watching.js';

const refused =
  (what: (order: MigrationOrder) => Partial<MigrationOrder>, kinds: readonly FailureKind[]) =>
  async (stage: Stage): Promise<void> => {
    const { world, failure } = stage;
    const { kind } = await failure('the order', () => world.driver.migrate({ ...world.order, ...what(world.order) }));
    check(kinds.includes(kind), () => `it is refused as ${kind}, not as ${kinds.join(' or ')}`);
    check((await hostOf(stage)) === world.order.from, () => 'the guest has moved');
  };

/** Names that mean something to a shell, to an option parser, or to a path; none of them is a guest. */
const hostile = ['--help', 'a;b', '$(id)', '../a', 'a\nb', ''];

/** Checks of refusals. */
export const refusing: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  'a guest that is not known is not found': refused(() => ({ guest: 'nobody-of-this-name' }), ['not found']),
  'a destination that is not known is not found': refused(() => ({ to: 'no-host-of-this-name' }), ['not found']),
  'a guest is not moved from where it is not': refused(
    ({ from, to }) => ({ from: to, to: from }),
    ['conflict', 'not found'],
  ),
  'a guest is not moved to where it is': refused(({ from }) => ({ to: from }), ['conflict', 'not found']),

  'names that mean something to a shell are names of nobody': async (stage) => {
    const { world, failure } = stage;
    for (const guest of hostile) {
      const { kind } = await failure(`guest ${JSON.stringify(guest)}`, () =>
        world.driver.migrate({ ...world.order, guest }),
      );
      check(kind === 'not found' || kind === 'refused as unsafe', () => `guest ${JSON.stringify(guest)}: ${kind}`);
    }
    check((await hostOf(stage)) === world.order.from, () => 'the guest has moved');
  },

  'a move that is not known can neither be steered nor followed': async ({ world, failure }) => {
    const steered = await failure('steering', () => world.driver.steer('no-such-move', { kind: 'abort' }));
    check(steered.kind === 'not found', () => `steering fails as ${steered.kind}`);
    const followed = await failure('following', () => world.driver.follow('no-such-move'));
    check(followed.kind === 'not found', () => `following fails as ${followed.kind}`);
  },
};
