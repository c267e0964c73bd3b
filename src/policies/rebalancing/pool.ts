/** Pool: hosts of equal capacity as processors, and their guests as jobs; from a rebalancing back to moves. */
import {
  type Cluster,
  compare,
  guestSubject,
  holds,
  hostSubject,
  type PassedOver,
  type Proposal,
  type Reason,
  unknown,
} from '../../model/index.js';
import { judge, planned } from '../constraint.js';
import { firstThatTakes } from '../phases/destination.js';
import { type GuestLoad, type HostLoad, shareOf } from '../phases/load.js';
import { exactRebalance } from './exact.js';
import { greedyRebalance } from './greedy.js';
import { type Assignment, better, type Rebalanced } from './jobs.js';
import { partitionRebalance } from './partition.js';
import type { RebalanceRules } from './settings.js';

/** What is found for one pool. */
export interface Found {
  readonly moves: readonly Proposal[];
  readonly passedOver: readonly PassedOver[];
  /** Largest load before and after. */
  readonly before: number;
  readonly after: number;
  /** What the moves cost: their number, or milliseconds. */
  readonly cost: number;
}

/** A guest as a job. */
interface Piece extends GuestLoad {
  readonly on: number;
  readonly size: number;
  readonly cost: number;
}

/** Placements after which a case is not small. */
const small = 20_000;
/** How often what was refused is left out and the rest solved again. */
const attempts = 8;

const solve = ({ by, limit }: RebalanceRules, start: Assignment, budget: number): Rebalanced => {
  if (by === 'greedy') return greedyRebalance(start, budget);
  if (by === 'partition') return partitionRebalance(start, budget);
  const exact = exactRebalance(start, budget, small);
  if (exact) return exact;
  const found = partitionRebalance(start, budget);
  return limit.kind === 'moves' ? better(found, greedyRebalance(start, budget)) : found;
};

const piecesOf = (
  { limit, resource }: RebalanceRules,
  cluster: Cluster,
  hosts: readonly HostLoad[],
): { readonly pieces: readonly Piece[]; readonly unpriced: readonly PassedOver[] } => {
  const unpriced: PassedOver[] = [];
  const priceOf = ({ guest }: GuestLoad): number => {
    const cost = limit.kind === 'moves' ? 1 : limit.costOf(guest, cluster);
    if (cost !== undefined && cost >= 0) return cost;
    const subject = guestSubject(guest.id);
    unpriced.push({
      subject,
      because: [unknown({ rule: 'rebalance.cost', subject, measure: 'cost of a move', why: 'not measured' })],
    });
    return Infinity;
  };
  const pieces = hosts.flatMap(({ host, guests }, on) =>
    guests.map((load): Piece => ({ ...load, on, size: shareOf(load.taken, host, resource), cost: priceOf(load) })),
  );
  return { pieces, unpriced };
};

/** What guests that arrive take of a host: it stays there. */
const arriving = (hosts: readonly HostLoad[], pieces: readonly Piece[]): Assignment['jobs'] =>
  hosts.map(({ share }, on) => ({
    size: Math.max(0, share - pieces.filter((piece) => piece.on === on).reduce((sum, { size }) => sum + size, 0)),
    on,
    cost: Infinity,
  }));

interface Realised {
  readonly moves: readonly Proposal[];
  readonly moved: readonly Piece[];
  readonly loads: readonly number[];
  readonly refused: readonly PassedOver[];
  readonly left: readonly Piece[];
}

/**
 * Turns a rebalancing into moves that constraints allow. One that its destination refuses goes to another host where that leaves
 * enough of a gain. No host ever comes above the largest load at the start, so every prefix is as good.
 */
const realise = (
  { constraints, smallestGain, resource: { name, unit } }: RebalanceRules,
  cluster: Cluster,
  hosts: readonly HostLoad[],
  pieces: readonly Piece[],
  aim: Rebalanced,
): Realised => {
  const loads = hosts.map(({ share }) => share);
  const most = Math.max(...loads);
  const enough = most - smallestGain;
  const moves: Proposal[] = [];
  const moved: Piece[] = [];
  const refused = new Map<string, PassedOver>();
  let pending = aim.moves
    .flatMap(({ job, to }) => {
      const piece = pieces[job];
      return piece ? [{ piece, to }] : [];
    })
    .sort((a, b) => (hosts[b.piece.on]?.share ?? 0) - (hosts[a.piece.on]?.share ?? 0) || b.piece.size - a.piece.size);
  for (let again = true; again;) {
    again = false;
    for (const { piece, to: wanted } of pending) {
      const { guest, on, size } = piece;
      const from = hosts[on];
      if (!from) continue;
      const others = hosts
        .map((_, i) => i)
        .filter((i) => i !== on && i !== wanted && (loads[i] ?? 0) + size <= enough)
        .sort((a, b) => (loads[a] ?? 0) - (loads[b] ?? 0) || a - b);
      const { proposal, to, passedOver } = firstThatTakes([wanted, ...others], (i) => {
        const end = hosts[i];
        if (!end) return { passedOver: [] };
        const reasons: readonly Reason[] = [
          compare({
            rule: 'rebalance.destination',
            subject: hostSubject(end.host.id),
            measure: `${name} with ${guest.id}`,
            value: (loads[i] ?? 0) + size,
            relation: 'at most',
            limit: most,
            unit,
          }),
          ...judge(constraints, { guest, from: from.host, to: end.host }, planned(cluster, moves)),
        ];
        const against = reasons.filter((reason) => !holds(reason));
        return against.length > 0
          ? { passedOver: [{ subject: guestSubject(guest.id), to: end.host.id, because: against }] }
          : { proposal: { guest: guest.id, from: from.host.id, to: end.host.id, because: reasons }, passedOver: [] };
      });
      for (const entry of passedOver) refused.set(`${guest.id}\n${entry.to ?? ''}`, entry);
      if (!proposal || to === undefined) continue;
      // It may have been refused earlier in this plan what it is given now.
      refused.delete(`${guest.id}\n${proposal.to}`);
      loads[on] = (loads[on] ?? 0) - size;
      loads[to] = (loads[to] ?? 0) + size;
      moves.push(proposal);
      moved.push(piece);
      pending = pending.filter((other) => other.piece !== piece);
      again = true;
      break;
    }
  }
  return { moves, moved, loads, refused: [...refused.values()], left: pending.map(({ piece }) => piece) };
};

/** The moves within a budget that make the largest load of hosts of equal capacity smaller, as far as constraints allow. */
export const rebalancePool = (
  rules: RebalanceRules,
  cluster: Cluster,
  hosts: readonly HostLoad[],
  budget: number,
): Found => {
  const { pieces, unpriced } = piecesOf(rules, cluster, hosts);
  const before = Math.max(...hosts.map(({ share }) => share));
  const passed = new Map<string, PassedOver>();
  const fixed = new Set<string>();
  for (let attempt = 1; ; attempt++) {
    const jobs = pieces.map(({ guest, size, on, cost }) => ({ size, on, cost: fixed.has(guest.id) ? Infinity : cost }));
    const start: Assignment = { jobs: [...jobs, ...arriving(hosts, pieces)], processors: hosts.length };
    const { moves, moved, loads, refused, left } = realise(rules, cluster, hosts, pieces, solve(rules, start, budget));
    for (const entry of refused) passed.set(JSON.stringify([entry.subject, entry.to]), entry);
    if (left.length > 0 && attempt < attempts) {
      left.forEach(({ guest }) => fixed.add(guest.id));
      continue;
    }
    const taken = new Set(moves.map(({ guest, to }) => JSON.stringify([guestSubject(guest), to])));
    return {
      moves,
      passedOver: [...unpriced, ...[...passed].filter(([key]) => !taken.has(key)).map(([, entry]) => entry)],
      before,
      after: Math.max(...loads),
      cost: moved.reduce((sum, { cost }) => sum + cost, 0),
    };
  }
};
