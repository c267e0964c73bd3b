/** Site: the hosts of one driver, the names of its guests and its moves; everything that its parts share. */
import type { Subject as News } from 'rxjs';
import type { MigrationId } from '../../model/index.js';
import { refusal } from '../driver-error.js';
import type { Roster } from '../survey/index.js';
import { type Move, moveNamed } from './moves.js';
import type { LibvirtSettings } from './options.js';
import type { Station } from './station.js';

/** What the parts of one driver share. */
export interface Site {
  readonly settings: LibvirtSettings;
  readonly stations: readonly Station[];
  readonly roster: Roster;
  /** Moves that were ordered here or found, by name. */
  readonly moves: Map<MigrationId, Move>;
  /** That a move has changed where guests are. */
  readonly news: News<void>;
}

/** The move of a name, ordered here or found. @throws DriverError where there is none */
export const moveOf = ({ moves }: Site, id: MigrationId): Move => {
  const move = moves.get(id) ?? moveNamed(id);
  if (!move) throw refusal('not found', `no migration is called "${id}"`);
  moves.set(id, move);
  return move;
};
