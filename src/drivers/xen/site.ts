/** Site: the hosts of one driver, the names of its guests and its moves; everything that its parts share. */
import type { Subject as News } from 'rxjs';
import type { HostId, MigrationId } from '../../model/index.js';
import { refusal } from '../driver-error.js';
import type { Roster } from '../survey/index.js';
import type { XlSettings } from './options.js';
import type { Station } from './station.js';

/** A move that was ordered here or found. */
export interface Move {
  readonly uuid: string;
  /** Name of the guest as xl knows it. */
  readonly name: string;
  readonly from: HostId;
  readonly to: HostId;
  /** Ends it, for a reason. */
  readonly abort?: () => void;
}

/** What the parts of one driver share. */
export interface Site {
  readonly settings: XlSettings;
  readonly stations: readonly Station[];
  readonly roster: Roster;
  readonly moves: Map<MigrationId, Move>;
  /** That a move has changed where guests are. */
  readonly news: News<void>;
}

/** The move of a name. @throws DriverError where there is none */
export const moveOf = ({ moves }: Site, id: MigrationId): Move => {
  const move = moves.get(id);
  if (!move) throw refusal('not found', `no migration is called "${id}"`);
  return move;
};
