/** Counters: what is added up about guests and hosts over time, from rates that are constant between two events. */

/** What happens per second to a guest. */
export interface GuestRates {
  /** vCPUs that run user code, kernel code, wait for a processor of the host, or idle with a transfer outstanding. */
  user: number;
  system: number;
  steal: number;
  iowait: number;
  /** Share of its runnable tasks that wait for a vCPU. */
  waiting: number;
  /** 1 while some task waits for a vCPU, some for storage, or storage is all that is waited for. */
  cpuSome: number;
  ioSome: number;
  ioFull: number;
  /** Bytes from and to storage, from and to the network. */
  read: number;
  written: number;
  received: number;
  sent: number;
  /** Cycles asked for, and given. */
  demanded: number;
  served: number;
  /** 1 while it stands still for a migration, or is dead. */
  still: number;
  dead: number;
}

/** What happens per second to a host. */
export interface HostRates {
  /** Logical processors taken by guests, by the hypervisor with its migrations, or idle with a transfer outstanding. */
  user: number;
  system: number;
  iowait: number;
  waiting: number;
  cpuSome: number;
  ioSome: number;
  ioFull: number;
  read: number;
  written: number;
  /** 1 while a local disk is in use. */
  diskBusy: number;
  received: number;
  sent: number;
  /** Cycles asked for by everything on it, and given. */
  demanded: number;
  served: number;
  /** 1 while more is demanded than the mark allows. */
  overloaded: number;
  /** Watts. */
  energy: number;
}

/** Nothing of anything. */
export const noGuestRates = (): GuestRates => ({
  user: 0,
  system: 0,
  steal: 0,
  iowait: 0,
  waiting: 0,
  cpuSome: 0,
  ioSome: 0,
  ioFull: 0,
  read: 0,
  written: 0,
  received: 0,
  sent: 0,
  demanded: 0,
  served: 0,
  still: 0,
  dead: 0,
});

/** Nothing of anything. */
export const noHostRates = (): HostRates => ({
  user: 0,
  system: 0,
  iowait: 0,
  waiting: 0,
  cpuSome: 0,
  ioSome: 0,
  ioFull: 0,
  read: 0,
  written: 0,
  diskBusy: 0,
  received: 0,
  sent: 0,
  demanded: 0,
  served: 0,
  overloaded: 0,
  energy: 0,
});

/** A stretch of time in which all rates are constant. It is never changed, so that a reader may keep the one it read last. */
export interface Epoch {
  readonly since: number;
  /** Totals at its beginning, and the rates that hold from then on, in the order of the counter's names. */
  readonly totals: Float64Array;
  readonly rates: Float64Array;
}

/** Adds up rates over time. Reading it does not change it. */
export interface Counter<Rates> {
  /** The rates as they are being worked out; they hold from the next {@link hold} on. */
  readonly rates: Rates;
  readonly names: readonly (keyof Rates & string)[];
  epoch: Epoch;
}

/** A record of numbers only. */
export type Numbers<Rates> = { [Name in keyof Rates]: number };

/** A counter that starts at nothing. */
export const counter = <Rates extends Numbers<Rates>>(since: number, rates: Rates): Counter<Rates> => {
  // The records are made by the functions above, so their own names are all that they have.
  const names = Object.keys(rates) as (keyof Rates & string)[];
  const nothing = new Float64Array(names.length);
  return { rates, names, epoch: { since, totals: nothing, rates: nothing } };
};

/** Totals at a time in or after an epoch, if its rates still hold then. */
export const totalsAt = ({ since, totals, rates }: Epoch, at: number): Float64Array => {
  const seconds = (at - since) / 1000;
  return seconds === 0 ? totals : totals.map((total, i) => total + (rates[i] ?? 0) * seconds);
};

/** Lets the rates as they were worked out hold from now on. Where nothing differs, the old epoch goes on. */
export const hold = <Rates extends Numbers<Rates>>(counted: Counter<Rates>, now: number): void => {
  const { names, rates, epoch } = counted;
  if (names.every((name, i) => rates[name] === epoch.rates[i])) return;
  counted.epoch = { since: now, totals: totalsAt(epoch, now), rates: Float64Array.from(names, (name) => rates[name]) };
};

/** Values in the order of a counter's names as a record. */
export const named = <Rates extends Numbers<Rates>>(
  { names, rates }: Counter<Rates>,
  value: (i: number) => number,
): Rates => {
  const record = { ...rates };
  names.forEach((name, i) => {
    // Each value of the record is a number, as its type has it.
    record[name] = value(i) as Rates[typeof name];
  });
  return record;
};

/** All totals at a time, by name. */
export const totalsOf = <Rates extends Numbers<Rates>>(counted: Counter<Rates>, at: number): Rates => {
  const totals = totalsAt(counted.epoch, at);
  return named(counted, (i) => totals[i] ?? 0);
};
