/** Link sharing: how fast each transfer goes where several pass the same links and disks. */

/** Something with a capacity that transfers pass through: one direction of a link, a disk. */
export interface Passage {
  /** Bytes per second. */
  capacity: number;
}

/** A transfer through one or more passages at once. */
export interface Passing<P extends Passage = Passage> {
  readonly passages: readonly P[];
  /** The most it can use by itself, bytes per second. */
  readonly limit: number;
}

interface Room {
  left: number;
  waiting: number;
}

/**
 * Max-min fair rates by progressive filling (Bertsekas and Gallager, "Data Networks", 6.5.2): all transfers speed up together,
 * and each stops rising at its own limit or when one of its passages is full.
 *
 * @returns one rate for each transfer in their order, bytes per second; infinite where nothing bounds it
 */
export const shareLinks = (transfers: readonly Passing[]): number[] => {
  const rates = transfers.map(() => Infinity);
  const rooms = new Map<Passage, Room>();
  for (const { passages } of transfers)
    for (const passage of passages) {
      const room = rooms.get(passage);
      if (room) room.waiting += 1;
      else rooms.set(passage, { left: passage.capacity, waiting: 1 });
    }

  let rising = transfers.map((transfer, i) => ({ transfer, i }));
  while (rising.length > 0) {
    let level = Infinity;
    for (const { left, waiting } of rooms.values()) if (waiting > 0) level = Math.min(level, left / waiting);
    for (const { transfer } of rising) level = Math.min(level, transfer.limit);
    if (level === Infinity) break;

    const full = new Set<Passage>();
    for (const [passage, { left, waiting }] of rooms) if (waiting > 0 && left / waiting <= level) full.add(passage);
    const stopped = rising.filter(
      ({ transfer }) => transfer.limit <= level || transfer.passages.some((passage) => full.has(passage)),
    );
    for (const { transfer, i } of stopped) {
      rates[i] = level;
      for (const passage of transfer.passages) {
        const room = rooms.get(passage);
        if (room === undefined) continue;
        room.left = Math.max(0, room.left - level);
        room.waiting -= 1;
      }
    }
    rising = rising.filter((entry) => !stopped.includes(entry));
  }
  return rates;
};
