/** Fronts: of each kind of nodes those that none dominates, so ordered that the feasible ones of any instance come first. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of nodes and of places in a front by construction */
import type { Dominance } from './dominance.js';
import type { Nodes } from './nodes.js';
import type { Scores } from './scores.js';

/** The nodes of one kind that none dominates. */
export interface Front {
  /** Those with the most free memory first; only as many count as there are. */
  readonly nodes: Int32Array;
  /** Their shares, as the scores have them. */
  readonly free: Float64Array;
  readonly used: Float64Array;
  readonly util: Float64Array;
  /** At each place the fewest processors taken up to there, and the least utilisation. */
  readonly leastUsed: Float64Array;
  readonly leastUtil: Float64Array;
  /** How many of them have more memory free than an instance takes: they come first. */
  readonly roomFor: (memory: number) => number;
  /** Takes the nodes and the scores as they are now. */
  readonly refresh: () => void;
}

const frontOf = ({ free: room }: Nodes, { beaten }: Dominance, scores: Scores, members: Int32Array): Front => {
  const nodes = new Int32Array(members.length);
  const rooms = new Float64Array(members.length);
  const free = new Float64Array(members.length);
  const used = new Float64Array(members.length);
  const util = new Float64Array(members.length);
  const leastUsed = new Float64Array(members.length);
  const leastUtil = new Float64Array(members.length);
  // What changes in a closure is boxed anew each time; an array is not.
  const size = new Int32Array(1);
  return {
    nodes,
    free,
    used,
    util,
    leastUsed,
    leastUtil,
    roomFor: (memory) => {
      let low = 0;
      let high = size[0]!;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (rooms[middle]! > memory) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    refresh: () => {
      let last = 0;
      for (let i = 0; i < members.length; i++) {
        const node = members[i]!;
        if (beaten[node] !== 0) continue;
        const own = room[node]!;
        let place = last++;
        for (; place > 0 && rooms[place - 1]! < own; place--) {
          nodes[place] = nodes[place - 1]!;
          rooms[place] = rooms[place - 1]!;
        }
        nodes[place] = node;
        rooms[place] = own;
      }
      size[0] = last;
      let fewest = Infinity;
      let least = Infinity;
      for (let place = 0; place < last; place++) {
        const node = nodes[place]!;
        free[place] = scores.free[node]!;
        const taken = (used[place] = scores.used[node]!);
        const load = (util[place] = scores.util[node]!);
        if (taken < fewest) fewest = taken;
        if (load < least) least = load;
        leastUsed[place] = fewest;
        leastUtil[place] = least;
      }
    },
  };
};

/** The front of each kind, in the order of kinds; to be refreshed before use. */
export const frontsOf = (nodes: Nodes, dominance: Dominance, scores: Scores): readonly Front[] =>
  dominance.kinds.map((members) => frontOf(nodes, dominance, scores, members));
