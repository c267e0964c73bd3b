/** Book state: a ledger as plain data, and back. */
import type { Milliseconds, Sample } from '../../model/index.js';
import { backOffsOf, waitsOf } from '../back-off.js';
import { emptyLedger, type Ledger } from '../ledger.js';
import type { EngineState } from './engine-state.js';

/** What an engine knows beside its book. */
interface Beside {
  readonly at: Milliseconds;
  readonly orders: number;
  readonly policy: string | undefined;
  readonly samples: readonly Sample[] | undefined;
}

/** The state of an engine, as plain data. */
export const stateOf = (ledger: Ledger, { at, orders, policy, samples }: Beside): EngineState => ({
  version: 1,
  at,
  orders,
  ...(policy === undefined ? {} : { policy }),
  moves: [...ledger.entries.values()],
  past: ledger.past,
  waits: waitsOf(ledger.backOffs),
  ...(samples === undefined ? {} : { samples }),
});

/** The book of a state; an empty one of none. */
export const ledgerOf = (state: EngineState | undefined): Ledger =>
  state
    ? {
        entries: new Map(state.moves.map((entry) => [entry.migration.id, entry])),
        past: state.past,
        backOffs: backOffsOf(state.waits),
      }
    : emptyLedger;
