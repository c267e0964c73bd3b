/** Ranking: the hosts in the order of their utilisation, kept in order as their loads change. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts by construction */

/** Hosts by rising utilisation, and the place of each. Equals are in the order of names. */
export interface Ranking {
  readonly order: Int32Array;
  readonly place: Int32Array;
  readonly share: Float64Array;
}

const before = (share: Float64Array, a: number, b: number): boolean =>
  share[a]! < share[b]! || (share[a] === share[b] && a < b);

/** Ranks the hosts. */
export const rankingOf = (load: Float64Array, capacity: Float64Array): Ranking => {
  const n = load.length;
  const share = new Float64Array(n);
  const order = new Int32Array(n);
  for (let h = 0; h < n; h++) {
    share[h] = load[h]! / capacity[h]!;
    order[h] = h;
  }
  if (n > 40) order.sort((a, b) => share[a]! - share[b]! || a - b);
  else
    for (let i = 1; i < n; i++) {
      const host = order[i]!;
      let j = i;
      for (; j > 0 && before(share, host, order[j - 1]!); j--) order[j] = order[j - 1]!;
      order[j] = host;
    }
  const place = new Int32Array(n);
  for (let i = 0; i < n; i++) place[order[i]!] = i;
  return { order, place, share };
};

/** Moves one host to where its new utilisation belongs. */
export const rerank = ({ order, place, share }: Ranking, host: number, newShare: number): void => {
  share[host] = newShare;
  let i = place[host]!;
  while (i > 0 && before(share, host, order[i - 1]!)) {
    const other = order[i - 1]!;
    order[i] = other;
    place[other] = i--;
  }
  while (i + 1 < order.length && before(share, order[i + 1]!, host)) {
    const other = order[i + 1]!;
    order[i] = other;
    place[other] = i++;
  }
  order[i] = host;
  place[host] = i;
};
