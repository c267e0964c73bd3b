/** Moves: what the driver remembers of the moves that it has under way or has found, and the names of those that it has found. */
import type { HostId, MigrationId, Milliseconds } from '../../model/index.js';

/** A move, and what was ordered about it. */
export interface Move {
  readonly uuid: string;
  readonly from: HostId;
  readonly to: HostId;
  postCopy: boolean;
  stopped: boolean;
  aborted: boolean;
  downtimeLimit: Milliseconds | undefined;
}

/** A move of which nothing was ordered yet. */
export const newMove = (uuid: string, from: HostId, to: HostId): Move => ({
  uuid,
  from,
  to,
  postCopy: false,
  stopped: false,
  aborted: false,
  downtimeLimit: undefined,
});

/** Name of a move that was found under way: it holds all that is needed to find it again, after a restart too. */
export const foundName = ({ uuid, from, to }: Pick<Move, 'uuid' | 'from' | 'to'>): MigrationId =>
  `${uuid} ${JSON.stringify([from, to])}`;

/** The move that a name of {@link foundName} tells of. */
export const moveNamed = (id: MigrationId): Move | undefined => {
  const [, uuid, rest] = /^([0-9a-f-]{36}) (\[.*\])$/.exec(id) ?? [];
  if (uuid === undefined || rest === undefined) return undefined;
  try {
    const ends: unknown = JSON.parse(rest);
    if (!Array.isArray(ends)) return undefined;
    const [from, to] = ends as readonly unknown[];
    return typeof from === 'string' && typeof to === 'string' ? newMove(uuid, from, to) : undefined;
  } catch {
    return undefined;
  }
};
