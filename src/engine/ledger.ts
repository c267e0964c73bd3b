/** Ledger: the book of an engine's moves: which are under way, which are over, and who has to wait. A value. */
import type {
  ConvergenceAction,
  GuestId,
  HostId,
  Migration,
  MigrationId,
  Milliseconds,
  Outcome,
  Progress,
} from '../model/index.js';
import { afterFailure, afterSuccess, type BackOff, type BackOffs, forgiven, noBackOffs } from './back-off.js';

/**
 * How a move stands. `running`: the driver reports on it. `lost`: the driver lost sight of it, and whether it still runs is
 * being asked. `settling`: it is over, but the inventory still shows the guest where it was, so its memory stays reserved on
 * both hosts and it is not moved again.
 */
export type Standing = 'running' | 'lost' | 'settling';

/** A move in the book. */
export interface Entry {
  readonly migration: Migration;
  readonly standing: Standing;
  /** When it came to stand so. */
  readonly since: Milliseconds;
  /** Its progress, oldest first, bounded. */
  readonly history: readonly Progress[];
  /** The name that the driver knows it by; another than the order's only where it was found again under another. */
  readonly handle: MigrationId;
  /** What was last asked of it. */
  readonly action: ConvergenceAction;
  /** How often the driver lost sight of it. */
  readonly losses: number;
}

/** The book of an engine's moves. */
export interface Ledger {
  readonly entries: ReadonlyMap<MigrationId, Entry>;
  /** What ended not long ago, oldest first. */
  readonly past: readonly Outcome[];
  readonly backOffs: BackOffs;
}

/** Where each guest stands by the inventory; a guest that is not listed is not in it. */
export type Places = ReadonlyMap<GuestId, HostId>;

/** How long things stay in the book. */
export interface Retention {
  /** How long an outcome stays in snapshots. */
  readonly remember: Milliseconds;
  /** How long the inventory is given to show where the guest of a move that is over stands. */
  readonly settle: Milliseconds;
  readonly backOff: BackOff;
}

/** Reports kept of one move; at one a second more than a quarter of an hour. */
const longestHistory = 1000;

/** A book without entries. */
export const emptyLedger: Ledger = { entries: /* @__PURE__ */ new Map(), past: [], backOffs: noBackOffs };

const withEntry = (ledger: Ledger, id: MigrationId, change: (entry: Entry) => Entry): Ledger => {
  const entry = ledger.entries.get(id);
  return entry ? { ...ledger, entries: new Map(ledger.entries).set(id, change(entry)) } : ledger;
};

/** A move was ordered, or found under way. */
export const begun = (ledger: Ledger, migration: Migration, at: Milliseconds): Ledger => ({
  ...ledger,
  entries: new Map(ledger.entries).set(migration.id, {
    migration,
    standing: 'running',
    since: at,
    history: migration.progress ? [migration.progress] : [],
    handle: migration.id,
    action: { kind: 'continue' },
    losses: 0,
  }),
});

/** A move reported how far it is. */
export const progressed = (ledger: Ledger, id: MigrationId, progress: Progress): Ledger =>
  withEntry(ledger, id, (entry) => ({
    ...entry,
    migration: { ...entry.migration, progress },
    history: [...entry.history, progress].slice(-longestHistory),
  }));

/** Something was asked of a move. */
export const steered = (ledger: Ledger, id: MigrationId, action: ConvergenceAction): Ledger =>
  withEntry(ledger, id, (entry) => ({ ...entry, action }));

/** The driver lost sight of a move. */
export const lost = (ledger: Ledger, id: MigrationId, at: Milliseconds): Ledger =>
  withEntry(ledger, id, (entry) => ({ ...entry, standing: 'lost', since: at, losses: entry.losses + 1 }));

/** A lost move was found under way again, under the name that the driver has for it. */
export const found = (ledger: Ledger, id: MigrationId, handle: MigrationId, at: Milliseconds): Ledger =>
  withEntry(ledger, id, (entry) => ({ ...entry, handle, standing: 'running', since: at }));

/**
 * A move is over. Where the inventory does not show it yet it goes on as `settling`, if it may have taken memory at its
 * destination.
 */
export const concluded = (ledger: Ledger, outcome: Outcome, settles: boolean, { backOff }: Retention): Ledger => {
  const { id, endedAt: at, ending } = outcome;
  const entry = ledger.entries.get(id);
  const entries = new Map(ledger.entries);
  if (entry && settles) entries.set(id, { ...entry, standing: 'settling', since: at });
  else entries.delete(id);
  return {
    entries,
    past: [...ledger.past, outcome],
    backOffs:
      ending.result === 'done'
        ? afterSuccess(ledger.backOffs, outcome)
        : afterFailure(ledger.backOffs, backOff, outcome, at),
  };
};

const keeping = (ledger: Ledger, kept: (entry: Entry) => boolean): Ledger => {
  const entries = [...ledger.entries].filter(([, entry]) => kept(entry));
  return entries.length === ledger.entries.size ? ledger : { ...ledger, entries: new Map(entries) };
};

/** A new inventory: what it shows elsewhere than where it was, or no longer at all, has settled. */
export const reconciled = (ledger: Ledger, places: Places): Ledger =>
  keeping(ledger, ({ standing, migration: { guest, from } }) => standing !== 'settling' || places.get(guest) === from);

/** Time has passed: outcomes are forgotten, failures forgiven, and the inventory believed where it had time enough. */
export const aged = (ledger: Ledger, at: Milliseconds, { remember, settle, backOff }: Retention): Ledger => {
  const settled = keeping(ledger, ({ standing, since }) => standing !== 'settling' || at - since < settle);
  const past = ledger.past.filter(({ endedAt }) => at - endedAt <= remember);
  const backOffs = forgiven(ledger.backOffs, backOff, at);
  // A book in which nothing changed stays the same one, so that others can see that nothing did.
  return past.length === ledger.past.length && backOffs === ledger.backOffs
    ? settled
    : { ...settled, past: past.length === ledger.past.length ? ledger.past : past, backOffs };
};

/** All moves that take memory at their destination: those that snapshots show. In the order in which they were begun. */
export const reserved = ({ entries }: Ledger): readonly Migration[] =>
  [...entries.values()].map(({ migration }) => migration);

/** The moves that run, or may run: those that count for limits. */
export const underWay = ({ entries }: Ledger): readonly Migration[] =>
  [...entries.values()].filter(({ standing }) => standing !== 'settling').map(({ migration }) => migration);
