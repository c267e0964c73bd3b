/** InTurn: several policies, each of which plans on the state that the ones before it lead to; round trips are left out. */
import { type Cluster, lookup, type PassedOver, type Proposal } from '../../model/index.js';
import { judge, planned } from '../constraint.js';
import { jointConstraints } from '../constraints/standard.js';
import { joined } from '../joined.js';
import { mergeWatches } from '../merge-watches.js';
import { definePolicy, type Policy } from '../policy.js';
import { sift } from '../sift.js';

/**
 * Moves without detours: of a guest that moves several times one move is left, from where it stands to where it ends, in the
 * place of its last one and with the evidence of that; one that ends where it began does not move. (OpenStack Watcher's
 * consolidation takes such round trips out of its plan.)
 */
export const netMoves = (moves: readonly Proposal[]): readonly Proposal[] => {
  const first = new Map<string, Proposal>();
  const last = new Map<string, Proposal>();
  for (const move of moves) {
    if (!first.has(move.guest)) first.set(move.guest, move);
    last.set(move.guest, move);
  }
  return moves.flatMap((move) => {
    if (last.get(move.guest) !== move) return [];
    const from = first.get(move.guest)?.from ?? move.from;
    return from === move.to ? [] : [{ ...move, from }];
  });
};

/**
 * The state after moves. A reading is in terms of the clock of the host where it was taken, so a guest that goes to another
 * clock is kept in flight, where it still counts by that host.
 */
const after = (cluster: Cluster, moves: readonly Proposal[]): Cluster => {
  const { host, guest: guestOf } = lookup(cluster);
  const clock = (id: string): number | undefined => host(id)?.cpu.clock;
  const landed = moves.filter(({ guest, to }) => clock(guestOf(guest)?.host ?? '') === clock(to));
  const places = new Map(landed.map(({ guest, to }) => [guest, to]));
  return planned(
    {
      ...cluster,
      guests: cluster.guests.map((guest) => ({ ...guest, host: places.get(guest.id) ?? guest.host })),
    },
    moves.filter((move) => !landed.includes(move)),
  );
};

/**
 * Several policies in turn: each plans as if the moves of those before it had been made, so one may relieve hosts and the next gather
 * what was strewn. What comes out is the net of it: no guest moves twice, and none there and back. A net move is made only if
 * it may be made from the state as it is, with nothing counted as left. Of no policies: never a move.
 *
 * @example
 * const tidy = inTurn(relieve({ above: percent(80) }), consolidate());
 */
export const inTurn = (...policies: readonly Policy[]): Policy => {
  const { watch, views } = mergeWatches(policies.map((policy) => policy.watch));
  return definePolicy({
    name: `inTurn(${policies.map(({ name }) => name).join(', ')})`,
    watch,
    plan: (cluster) => {
      const passedOver: PassedOver[] = [];
      let moves: readonly Proposal[] = [];
      policies.forEach((policy, i) => {
        const state = after(cluster, moves);
        const plan = policy.plan(views[i]?.(state) ?? state);
        moves = netMoves([...moves, ...plan.moves]);
        passedOver.push(...plan.passedOver);
      });
      const sifted = sift('inTurn', cluster, { moves, passedOver }, (move, soFar) =>
        judge(jointConstraints, move, soFar),
      );
      return joined(sifted.moves, sifted.passedOver);
    },
  });
};
