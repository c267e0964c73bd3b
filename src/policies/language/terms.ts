/** Terms: a host, a guest, guests that leave together, and a move, as a rule speaks of them. */
import type { HostState, NetworkRole, Unit } from '../../model/index.js';
import type { AnySignal } from '../../metrics/index.js';
import type { Classifier, WorkloadClass } from '../classification/index.js';
import type { Collection } from './collections.js';
import type { Condition, Quantity, Reading, Text } from './words.js';

/** A signal of one's own, as a quantity. */
export interface OwnSignal<U extends Unit> {
  /** What it says, as reasons quote it. */
  readonly measure: string;
  readonly unit: U;
  /** Which signal to fold. */
  readonly signal: AnySignal<number>;
}

/** What samples tell of hosts and guests alike. Of a subject that is not freshly known, none of it is known. */
export interface Readings {
  /** Share of processor time in use. */
  readonly cpu: Reading<'fraction'>;
  /** Share of processor time idle while a disk was waited for. */
  readonly iowait: Reading<'fraction'>;
  /** Share of processor time that was wanted and given to others. */
  readonly steal: Reading<'fraction'>;
  /** Load average over one minute. */
  readonly loadAverage: Reading<'count'>;
  /** Share of the time in which a task waited for a processor. */
  readonly runQueueWait: Reading<'fraction'>;
  /** Share of the time in which some task was held up for want of a processor. */
  readonly cpuPressure: Reading<'fraction'>;
  /** Share of the time in which some task was held up for want of memory. */
  readonly memoryPressure: Reading<'fraction'>;
  /** Share of the time in which some task was held up by a disk. */
  readonly ioPressure: Reading<'fraction'>;
  /** Share of the memory in use, as the subject itself reports it. */
  readonly memoryUsed: Reading<'fraction'>;
  /** Share of the swap space in use. */
  readonly swapUsed: Reading<'fraction'>;
  /** Pages swapped in and out. */
  readonly swapping: Reading<'bytes per second'>;
  /** What is read from and written to disks. */
  readonly diskTraffic: Reading<'bytes per second'>;
  /** What is received from and sent to the network. */
  readonly networkTraffic: Reading<'bytes per second'>;
  /** A signal of one's own. */
  readonly signal: <U extends Unit>(own: OwnSignal<U>) => Quantity<U>;
}

/** A host as it would be with guests that it does not have yet. */
export interface HostWith {
  /** Share of its cores that its guests take then. */
  readonly demand: Quantity<'fraction'>;
  /** The same, where a guest without a reading counts as wanting all of its vCPUs. */
  readonly demandAtWorst: Quantity<'fraction'>;
  /** Memory that is left for further guests; may be below zero. */
  readonly freeMemory: Quantity<'bytes'>;
}

/** A host. */
export interface HostTerm extends Readings {
  readonly name: Text;
  /** `active`, `draining`, `failing` or `off`. */
  readonly state: Text<HostState>;
  /** The value of a label. */
  readonly label: (key: string) => Text;
  /** The value of a label as a number, such as a price. Not known where it is none. */
  readonly amount: <U extends Unit>(key: string, unit: U) => Quantity<U>;
  /** Guests that stand on it. */
  readonly guests: Collection<GuestTerm>;
  /** The same, those that must stand together as one. */
  readonly units: Collection<UnitTerm>;
  /** Share of its cores that its guests take, moves in flight and moves planned so far counted as arrived (W12.1). */
  readonly demand: Quantity<'fraction'>;
  /** Memory that guests may still take, moves in flight and moves planned so far counted. */
  readonly freeMemory: Quantity<'bytes'>;
  /** Memory for guests in all. */
  readonly memory: Quantity<'bytes'>;
  /** Clock of one core. */
  readonly clock: Quantity<'hertz'>;
  readonly cores: Quantity<'count'>;
  /** Last-level cache. */
  readonly cache: Quantity<'bytes'>;
  /** Speed of copying memory, measured at start-up. */
  readonly memorySpeed: Quantity<'bytes per second'>;
  /** Bandwidth of its network of a role. @defaultValue the migration network's */
  readonly bandwidth: (role?: NetworkRole) => Quantity<'bytes per second'>;
  /** Bandwidth for its guests' own traffic: of the guests' network, else the migration network's. */
  readonly guestBandwidth: Quantity<'bytes per second'>;
  /** Disk score on its way to the image of a guest (Muda, §6.5.2). */
  readonly diskScore: (guest: GuestTerm) => Quantity<'bytes per second'>;
  /** It has the image of a guest in a disk of its own. */
  readonly holdsImageOf: (guest: GuestTerm) => Condition;
  /** What it draws at its present use, by its power curve. Not known without one. */
  readonly watts: Quantity<'watts'>;
  /** Moves in flight or planned from it or to it. */
  readonly moves: Quantity<'count'>;
  /** Moves of this plan so far, from it or to it. */
  readonly movesPlanned: Quantity<'count'>;
  /** Share of its processor time that is free for a guest; where that one stands on it, its own part counts as free (M29). */
  readonly idleFor: (guest: GuestTerm) => Quantity<'fraction'>;
  /** As it would be with a guest, or with several, that come to it. */
  readonly with: (guest: GuestTerm | UnitTerm) => HostWith;
  /** The same host. */
  readonly is: (other: HostTerm) => Condition;
}

/** Means of a guest's readings over the last seconds; see `usage`. */
export interface UsageTerm {
  readonly cpu: Quantity<'fraction'>;
  readonly iowait: Quantity<'fraction'>;
  readonly networkTraffic: Quantity<'bytes per second'>;
}

/** How a class is found. */
export interface ClassOptions {
  /** The rule. @defaultValue `demandRule()` */
  readonly by?: Classifier;
}

/** A guest. */
export interface GuestTerm extends Readings {
  readonly name: Text;
  /** The host that it stands on. */
  readonly host: HostTerm;
  readonly vcpus: Quantity<'count'>;
  /** Memory allocated to it. */
  readonly memory: Quantity<'bytes'>;
  /** The value of a label. */
  readonly label: (key: string) => Text;
  /** The value of a label as a number. Not known where it is none. */
  readonly amount: <U extends Unit>(key: string, unit: U) => Quantity<U>;
  /** The storage that its image lies on. */
  readonly image: Text;
  /** The host that it belongs to. */
  readonly home: Text;
  /** What it takes of a processor, as a share of what a host offers. */
  readonly shareOf: (host: HostTerm) => Quantity<'fraction'>;
  /** What it needs most is one of these (Muda, §6.3; M20 to M24). */
  readonly boundBy: (classes: WorkloadClass | readonly WorkloadClass[], options?: ClassOptions) => Condition;
  /** Means over the last 20 s. */
  readonly usage: UsageTerm;
  /** For how long one process has used so much of a processor, or disks were waited for so much (rule 2; M13). */
  readonly busyFor: (process: number, iowait: number) => Quantity<'milliseconds'>;
  /** Memory dirtied per second. */
  readonly dirtyRate: Quantity<'bytes per second'>;
  /** It is in a move already. */
  readonly isMoving: () => Condition;
  /** The same guest. */
  readonly is: (other: GuestTerm) => Condition;
  /** Itself with all that must leave its host with it. */
  readonly withCompanions: UnitTerm;
}

/** Guests that leave one host together. */
export interface UnitTerm {
  /** How many leave together. */
  readonly size: Quantity<'count'>;
  /** The guests of it. */
  readonly guests: Collection<GuestTerm>;
  /** Of all of them. */
  readonly memory: Quantity<'bytes'>;
}

/** A move that was chosen. */
export interface MoveTerm {
  readonly guest: GuestTerm;
  readonly from: HostTerm;
  readonly to: HostTerm;
  /** Expected time from the order to its end. */
  readonly duration: Quantity<'milliseconds'>;
  /** Expected time for which the guest stands still. */
  readonly downtime: Quantity<'milliseconds'>;
  /** What it is expected to send. */
  readonly bytes: Quantity<'bytes'>;
  /** It takes longer than so long, or never ends. Unknown where what it depends on was not measured. */
  readonly takesLongerThan: (length: number) => Condition;
}
