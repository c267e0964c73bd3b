/** QemuOptions: hosts and guests of a site that runs QEMU by itself, checked before anything is begun. */
import { asyncScheduler, type SchedulerLike } from 'rxjs';
import * as z from 'zod';
import type { Files } from '../../metrics/index.js';
import {
  type BytesPerSecond,
  type Guest,
  type GuestId,
  guestSchema,
  type Host,
  type HostId,
  hostSchema,
  type Milliseconds,
  pathText,
  seconds,
} from '../../model/index.js';
import type { RunCommand } from '../commands/index.js';
import { type Dial, dialSocket, type QmpAddress } from '../qmp/index.js';

/** A host on which QEMU runs, and how it is reached. */
export interface QemuHost {
  /** As it is equipped. */
  readonly host: Host;
  /** How its commands are run: here, or by ssh. */
  readonly run: RunCommand;
  /** Directory of the sockets and the files of its guests, such as `/run/whither`. It must be there. */
  readonly directory: string;
  /** Where a guest's QEMU listens for QMP. Default: the socket named after the guest in the directory, as seen from here. */
  readonly qmp?: (guest: GuestId) => QmpAddress;
  /** Where guests come in: an address of its network for migrations, and the first and the last port. */
  readonly incoming: { readonly address: string; readonly ports: readonly [first: number, last: number] };
  /**
   * What its samples tell: the machine by its `/proc`, the guests alone where several hosts share a machine, or nothing where
   * another source does. Default: the machine.
   */
  readonly samples?: 'machine' | 'guests' | 'none';
  /** How its files are read. Default: by `cat`. */
  readonly files?: Files;
}

/** A guest as it was given to QEMU; where it stands is found out. */
export type QemuGuest = Omit<Guest, 'host'>;

/** What QEMU is told of every migration. What is left out stays as QEMU has it. */
export interface QemuMigration {
  /** Most that a migration may send. */
  readonly bandwidth?: BytesPerSecond;
  /** Downtime that is allowed at first. */
  readonly downtime?: Milliseconds;
  /** Whether post-copy is made ready, so that it can be asked for later. Where a host cannot, it is left out. Default: true. */
  readonly postCopy?: boolean;
  /** Whether QEMU may slow the guest down; only then can it be told to. Default: false. */
  readonly throttling?: boolean;
}

/** What the QEMU driver is made from. */
export interface QemuOptions {
  readonly hosts: readonly QemuHost[];
  readonly guests: readonly QemuGuest[];
  /** Default: `qemu`. */
  readonly name?: string;
  readonly migration?: QemuMigration;
  /** Time from look to look at where guests stand, and from sample to sample. Default: 2 s. */
  readonly every?: Milliseconds;
  /** Time from look to look at a migration. Default: 250 ms. */
  readonly watchEvery?: Milliseconds;
  /** Longest time from a command of QMP to its answer. Default: 5 s. */
  readonly deadline?: Milliseconds;
  /** Longest time until a receiver stands, and until it is known where a guest runs after its move. Default: 30 s. */
  readonly patience?: Milliseconds;
  /** Window over which the dirtying of memory is sampled, whole seconds from 1 to 60 s. Default: it is not. */
  readonly dirtyWindow?: Milliseconds;
  /** How sockets are opened. Default: by this machine. */
  readonly dial?: Dial;
  readonly scheduler?: SchedulerLike;
}

/** Options with every default filled in. */
export interface QemuSettings {
  readonly name: string;
  readonly hosts: ReadonlyMap<HostId, QemuHost>;
  readonly guests: ReadonlyMap<GuestId, QemuGuest>;
  readonly migration: QemuMigration;
  readonly every: Milliseconds;
  readonly watchEvery: Milliseconds;
  readonly deadline: Milliseconds;
  readonly patience: Milliseconds;
  readonly dirtyWindow: Milliseconds | undefined;
  readonly dial: Dial;
  readonly scheduler: SchedulerLike;
}

const length = /* @__PURE__ */ z
  .number()
  .positive()
  .max(2 ** 31 - 1);
const port = /* @__PURE__ */ z.int().min(0).max(65_535);
/** Neither a comma nor a space, which mean something to QEMU. */
const directory = /* @__PURE__ */ z.string().regex(/^\/[A-Za-z0-9._+/-]*[A-Za-z0-9._+-]$/, 'is no plain absolute path');
const address = /* @__PURE__ */ z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})$|^[0-9A-Fa-f:]{2,45}$/, 'is no address');
const isFunction = (value: unknown): boolean => typeof value === 'function';

const optionsSchema = /* @__PURE__ */ z.strictObject({
  name: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.string().min(1)),
  hosts: /* @__PURE__ */ z.array(
    /* @__PURE__ */ z.strictObject({
      host: hostSchema,
      run: /* @__PURE__ */ z.custom<RunCommand>(isFunction, 'is not a function that runs commands'),
      directory,
      qmp: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.custom<(guest: GuestId) => QmpAddress>(isFunction)),
      incoming: /* @__PURE__ */ z.strictObject({
        address,
        ports: /* @__PURE__ */ z
          .tuple([port, port])
          .refine(([first, last]) => first <= last, 'the last port is below the first'),
      }),
      samples: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.enum(['machine', 'guests', 'none'])),
      files: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.custom<Files>((value) => typeof value === 'object')),
    }),
  ),
  // The schema of a guest asks where it stands; that is found out.
  guests: /* @__PURE__ */ z.array(/* @__PURE__ */ z.looseObject({ id: /* @__PURE__ */ z.string() })),
  migration: /* @__PURE__ */ z.exactOptional(
    /* @__PURE__ */ z.strictObject({
      bandwidth: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.number().positive()),
      // QEMU takes no more than 2000 s.
      downtime: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.number().positive().max(2_000_000)),
      postCopy: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.boolean()),
      throttling: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.boolean()),
    }),
  ),
  every: /* @__PURE__ */ z.exactOptional(length),
  watchEvery: /* @__PURE__ */ z.exactOptional(length),
  deadline: /* @__PURE__ */ z.exactOptional(length),
  patience: /* @__PURE__ */ z.exactOptional(length),
  dirtyWindow: /* @__PURE__ */ z.exactOptional(
    /* @__PURE__ */ z.number().min(1000).max(60_000).multipleOf(1000, 'is not in whole seconds'),
  ),
  dial: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.custom<Dial>(isFunction)),
  scheduler: /* @__PURE__ */ z.exactOptional(
    /* @__PURE__ */ z.custom<SchedulerLike>((value) => typeof value === 'object'),
  ),
});

const complain = (error: z.core.$ZodError, at: readonly PropertyKey[] = []): never => {
  throw new Error(
    error.issues.map(({ path, message }) => `qemu: ${pathText([...at, ...path])}: ${message}`).join('\n'),
  );
};

const byId = <Thing>(
  list: string,
  things: readonly Thing[],
  idOf: (thing: Thing) => string,
): ReadonlyMap<string, Thing> => {
  const all = new Map<string, Thing>();
  things.forEach((thing, i) => {
    const id = idOf(thing);
    if (all.has(id)) throw new Error(`qemu: ${list}[${i}].id: "${id}" is listed twice`);
    all.set(id, thing);
  });
  return all;
};

/** Checks options and fills in defaults. @throws Error naming the path of everything that is wrong */
export const settingsOf = (options: QemuOptions): QemuSettings => {
  const checked = optionsSchema.safeParse(options);
  if (!checked.success) return complain(checked.error);
  const {
    name = 'qemu',
    migration = {},
    every = seconds(2),
    watchEvery = 250,
    deadline = seconds(5),
    patience = seconds(30),
    dirtyWindow,
    dial = dialSocket,
    scheduler = asyncScheduler,
  } = options;
  const guests = options.guests.map((given, i) => {
    const guest = guestSchema.safeParse({ ...given, host: 'found out' });
    if (!guest.success) return complain(guest.error, ['guests', i]);
    return guest.data;
  });
  return {
    name,
    hosts: byId('hosts', options.hosts, ({ host }) => host.id),
    guests: byId('guests', guests, ({ id }) => id),
    migration,
    every,
    watchEvery,
    deadline,
    patience,
    dirtyWindow,
    dial,
    scheduler,
  };
};
