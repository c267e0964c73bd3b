/** Machines: the state of the simulated world, changed only by the functions of this room and seen by nobody outside. */
import type { Subscriber } from 'rxjs';
import type { MigrationEvent } from '../drivers/index.js';
import type {
  Bytes,
  BytesPerSecond,
  Failure,
  Fraction,
  Guest,
  GuestId,
  Hertz,
  Host,
  HostId,
  Inventory,
  LinkId,
  MigrationId,
  MigrationOrder,
  MigrationPhase,
  Milliseconds,
  StorageId,
} from '../model/index.js';
import type { Agenda, Appointment } from './agenda.js';
import type { Chance } from './chance.js';
import type { ScheduledChange } from './change.js';
import type { Counter, Epoch, GuestRates, HostRates } from './counters.js';
import type { WorkingSet } from './dirtying.js';
import type { Activity, Job } from './job.js';
import type { Passage, Passing } from './link-sharing.js';
import type { LoadAverage } from './load-average.js';
import type { Settings } from './options.js';
import type { Trace } from './trace.js';

/** Memory that one writer keeps writing to, and how much it has written in all. */
export interface Region extends WorkingSet {
  written: Bytes;
  rate: BytesPerSecond;
}

/** One direction of a link, or a disk, of a host. */
export interface HostPassage extends Passage {
  readonly host: HostMachine;
  readonly flows: Set<Flow>;
  /** Capacity when nothing is wrong with it. */
  readonly full: BytesPerSecond;
  /** Shares of its capacity that faults leave it now, to be multiplied. */
  readonly spells: Fraction[];
}

/** A transfer under way. */
export interface Flow extends Passing<HostPassage> {
  limit: BytesPerSecond;
  passages: readonly HostPassage[];
  rate: BytesPerSecond;
  /** Bytes left at `since`. */
  remaining: Bytes;
  since: Milliseconds;
  /** Called when the rate is another. */
  readonly changed: () => void;
}

/** A process of a job. */
export interface Task {
  readonly job: RunningJob;
  readonly guest: GuestMachine;
  readonly pid: number;
  loop: number;
  stage: number;
  turn: number;
  activity: number;
  /** What it does now; absent before its first activity and after its last. */
  doing: Activity | undefined;
  /** Cycles left to compute at its guest's `since`. */
  remaining: number;
  /** Cycles per second that it gets. */
  rate: number;
  /** Cycles per second of system time among them, as a share. */
  system: Fraction;
  /** The transfer it waits for. */
  flow: Flow | undefined;
  /** What it writes to now, and bytes for each cycle or byte of its activity. */
  region: Region | undefined;
  writesPerUnit: number;
  readonly regions: Map<Activity, Region>;
  /** When the activity ends, at the present rate. */
  end: Appointment | undefined;
  /** Seconds of processor time so far. */
  processorTime: number;
  /** Processors that it takes now. */
  processors: number;
}

/** A job that was begun. */
export interface RunningJob {
  readonly id: string;
  readonly job: Job;
  readonly guest: GuestId;
  readonly startedAt: Milliseconds;
  tasks: Task[];
  loopsDone: number;
  finishedAt: Milliseconds | undefined;
  outcome: 'running' | 'done' | 'stopped' | 'lost';
}

/** A job that was stopped before it began. */
export interface HeldJob {
  readonly id: string;
  readonly job: Job;
  readonly guest: GuestMachine;
  readonly heldAt: Milliseconds;
  /** Of its processes. */
  readonly pids: readonly number[];
  /** When it begins by itself. */
  readonly limit: Appointment;
}

/** Demand by a trace. */
export interface TraceMachine {
  readonly trace: Trace;
  readonly startedAt: Milliseconds;
  readonly referenceClock: Hertz;
  readonly region: Region | undefined;
  index: number;
  /** Cycles per second wanted now, and given. */
  wanted: number;
  rate: number;
  /** Cycles that wait to be served, at its guest's `since`. */
  backlog: number;
  /** Memory in use by the trace, if it says so. */
  memory: Bytes | undefined;
  next: Appointment | undefined;
  drained: Appointment | undefined;
}

/** A guest. */
export interface GuestMachine {
  readonly id: GuestId;
  /** As in the inventory; replaced when it moves. */
  guest: Guest;
  host: HostMachine;
  /** `still`: halted by a migration; `dead`: lost with its host. */
  standing: 'running' | 'still' | 'dead';
  tasks: Task[];
  trace: TraceMachine | undefined;
  readonly background: Region | undefined;
  readonly backgroundRate: BytesPerSecond;
  regions: Region[];
  /** Share of its processors' speed that a migration leaves it. */
  pace: Fraction;
  /** Memory in use without jobs; the most that was ever in use, which is not zero since. */
  readonly used: Bytes;
  touched: Bytes;
  /** Up to when tasks, regions and backlog are brought. */
  since: Milliseconds;
  readonly counter: Counter<GuestRates>;
  readonly load: LoadAverage;
  move: Move | undefined;
  pids: number;
  readonly addedAt: Milliseconds;
  /** The epoch in which it was added, with all totals at nothing. */
  readonly birth: Epoch;
}

/** A host. */
export interface HostMachine {
  readonly id: HostId;
  /** As in the inventory; replaced when its state changes. */
  host: Host;
  /** Neither off nor crashed. */
  alive: boolean;
  /** Guests that stand here. */
  readonly guests: Set<GuestMachine>;
  /** Moves from or to here. */
  readonly moves: Set<Move>;
  /** Memory held for guests on their way here. */
  reserved: Bytes;
  readonly links: ReadonlyMap<LinkId, { readonly in: HostPassage; readonly out: HostPassage }>;
  readonly disks: ReadonlyMap<StorageId, HostPassage>;
  /** Ways over an export to the host's own disks, where they are reached so at home too. */
  readonly loops: ReadonlyMap<StorageId, HostPassage>;
  silentUntil: Milliseconds;
  readonly counter: Counter<HostRates>;
  readonly load: LoadAverage;
}

/** Somebody who watches a move. */
export interface Listener {
  readonly subscriber: Subscriber<MigrationEvent>;
  /** Whether it still hears of the move. */
  live: boolean;
}

/** A migration under way. */
export interface Move {
  readonly order: MigrationOrder;
  readonly guest: GuestMachine;
  readonly from: HostMachine;
  readonly to: HostMachine;
  readonly startedAt: Milliseconds;
  phase: MigrationPhase;
  round: number;
  roundAt: Milliseconds;
  /** Bytes to send when the round began, and sent in all by then. */
  roundSize: Bytes;
  sentBefore: Bytes;
  flow: Flow | undefined;
  /** What each region had written when dirty pages were last looked up. */
  readonly marks: Map<Region, Bytes>;
  dirtyRate: BytesPerSecond | undefined;
  /** Allowed downtime, where the stop rule knows one. */
  downtimeLimit: Milliseconds | undefined;
  throttle: Fraction;
  /** Since when the guest stands still. */
  stillSince: Milliseconds | undefined;
  downtime: Milliseconds | undefined;
  next: Appointment | undefined;
  report: Appointment | undefined;
  readonly breaks: Appointment | undefined;
  readonly listeners: Set<Listener>;
  over: boolean;
}

/** Counts of migrations. */
export interface Tally {
  started: number;
  done: number;
  failed: number;
  cancelled: number;
  /** Bytes sent by migrations that are over, however they ended. */
  bytes: Bytes;
  downtime: Milliseconds;
}

/** A change of the script that could not be carried out. */
export interface RefusedChange extends ScheduledChange {
  readonly failure: Failure;
}

/** The world. */
export interface World {
  readonly settings: Settings;
  readonly chance: Chance;
  readonly agenda: Agenda;
  /** Time since the start. */
  now: Milliseconds;
  /** Time of the start on the outer clock. */
  readonly start: Milliseconds;
  readonly hosts: Map<HostId, HostMachine>;
  readonly guests: Map<GuestId, GuestMachine>;
  readonly moves: Map<MigrationId, Move>;
  readonly jobs: Map<string, RunningJob>;
  /** Jobs that wait to begin, in the order in which they were held. */
  readonly held: Map<string, HeldJob>;
  jobCount: number;
  readonly tally: Tally;
  /** Changes of the script that could not be carried out. */
  readonly refused: RefusedChange[];
  unreachableUntil: Milliseconds;
  /** Subjects whose next sample is garbage. */
  readonly garbage: Map<string, 'bad input' | 'NaN'>;
  /** What has to be worked out anew before time goes on. */
  readonly staleHosts: Set<HostMachine>;
  readonly stalePassages: Set<HostPassage>;
  /** Moves of which something is to be told when that is done. */
  readonly untold: Set<Move>;
  readonly news: News;
}

/** What the world tells those who watch it; they hear it when the world is consistent again. */
export interface News {
  readonly move: (move: Move, event: MigrationEvent) => void;
  readonly moveFailed: (move: Move, failure: Failure) => void;
  readonly inventory: () => void;
  readonly job: (job: RunningJob) => void;
  readonly outage: () => void;
}

/** The hosts and guests as they stand, sorted as they were listed. */
export const inventoryOf = (world: World): Inventory => ({
  hosts: [...world.hosts.values()].map(({ host }) => host),
  guests: [...world.guests.values()].map(({ guest }) => guest),
});
