/** LibvirtOptions: which hosts a libvirt driver asks and how, checked before any command is run. */
import { asyncScheduler, type SchedulerLike } from 'rxjs';
import * as z from 'zod';
import { type BytesPerSecond, type HostId, type Milliseconds, minutes, seconds } from '../../model/index.js';
import { localCommands, type RunCommand } from '../commands/index.js';
import {
  checkedSettings,
  type HostFacts,
  hostFactsSchema,
  listedTwice,
  type SharedStorage,
  sharedStorageSchema,
} from '../survey/index.js';
import { connectionUri } from './connection-uri.js';

/** A host with a libvirt daemon. */
export interface LibvirtHost {
  /** How virsh reaches it from here, such as `qemu+ssh://a/system`. */
  readonly uri: string;
  /** Name in the inventory. Default: the host in the URI. */
  readonly id?: HostId;
  /** How the other hosts' daemons reach it, for they connect to each other. Default: `uri`. */
  readonly peerUri?: string;
  /** Where the guests' memory is sent, such as `tcp://10.0.0.2`. Default: what the destination's own configuration says. */
  readonly migrateUri?: string;
  /** What runs virsh for this host. Default: that of the driver. */
  readonly commands?: RunCommand;
  readonly facts?: HostFacts;
}

/** How guests are moved. */
export interface LibvirtMigration {
  /** Longest that a move may take before it is aborted. Default: 30 min. */
  readonly deadline?: Milliseconds;
  /** Time between two looks at its progress. Default: 1 s. */
  readonly poll?: Milliseconds;
  /** Most that it may send. Default: what libvirt allows. */
  readonly bandwidth?: BytesPerSecond;
  /** Whether a move may be switched to post-copy, which both hosts must allow (`userfaultfd`). Default: false. */
  readonly postCopy?: boolean;
  /** Whether libvirt slows a guest down that does not settle; it cannot be told to later. Default: false. */
  readonly autoConverge?: boolean;
  /** Whether the memory is encrypted on its way by QEMU; needs certificates on all hosts. Default: false. */
  readonly tls?: boolean;
  /** Whether libvirt's own judgement of shared storage is overruled. Only where it errs. Default: false. */
  readonly unsafe?: boolean;
}

/** How dirty rates are measured. */
export interface DirtyRateOptions {
  /** Time between two measurements of a guest. */
  readonly every: Milliseconds;
  /** Length of a measurement, whole seconds. Default: 1 s. */
  readonly window?: Milliseconds;
  /**
   * Default: `page-sampling`, which sees too little. The others are used for guests under KVM alone, for they kill an emulated guest
   * (QEMU 7.2).
   */
  readonly mode?: 'page-sampling' | 'dirty-bitmap' | 'dirty-ring';
}

/** Settings of {@link libvirt}. */
export interface LibvirtOptions {
  /** Name of the driver in events. Default: `libvirt`. */
  readonly name?: string;
  /** URIs, or hosts with what is to be said of them. */
  readonly hosts: readonly (string | LibvirtHost)[];
  /** What runs virsh. Default: this machine. */
  readonly commands?: RunCommand;
  /** Longest that a command may take that only asks. Default: 30 s. */
  readonly deadline?: Milliseconds;
  /** Time between two looks at the inventory, besides those that events bring about. Default: 30 s. */
  readonly every?: Milliseconds;
  /** How long a host that does not answer is taken to be as it was. Default: 90 s. */
  readonly patience?: Milliseconds;
  /** Time between two samples. Default: 10 s. */
  readonly sampling?: Milliseconds;
  /** Default: dirty rates are not measured. */
  readonly dirtyRate?: DirtyRateOptions;
  /** Storage that all hosts share. A guest with a disk elsewhere is not movable, unless `migration.unsafe`. Default: none. */
  readonly shared?: readonly SharedStorage[];
  readonly migration?: LibvirtMigration;
  readonly scheduler?: SchedulerLike;
}

/** A host with its defaults filled in. */
export type HostSettings = Required<Pick<LibvirtHost, 'id' | 'uri' | 'peerUri' | 'commands' | 'facts'>> &
  Pick<LibvirtHost, 'migrateUri'>;

/** Everything with its defaults filled in. */
export interface LibvirtSettings {
  readonly name: string;
  readonly hosts: readonly HostSettings[];
  readonly deadline: Milliseconds;
  readonly every: Milliseconds;
  readonly patience: Milliseconds;
  readonly sampling: Milliseconds;
  readonly dirtyRate?: Required<DirtyRateOptions>;
  readonly shared: readonly SharedStorage[];
  readonly migration: Required<Omit<LibvirtMigration, 'bandwidth'>> & Pick<LibvirtMigration, 'bandwidth'>;
  readonly scheduler: SchedulerLike;
}

const optional = z.exactOptional;
const length = /* @__PURE__ */ z.number().positive();
const flag = /* @__PURE__ */ z.boolean().default(false);
const command = /* @__PURE__ */ z.custom<RunCommand>(
  (value) => typeof value === 'function',
  'is no function that runs commands',
);

const uri = /* @__PURE__ */ z.string().superRefine((value, context) => {
  const read = connectionUri(value);
  if (!read.ok) context.addIssue({ code: 'custom', message: read.error });
});

/** Where QEMU sends to. No other schemes: `exec:` would run a program. */
const migrateUri = /* @__PURE__ */ z
  .string()
  .regex(
    /^tcp:(\/\/)?([A-Za-z0-9][\w.-]*|\[[0-9a-fA-F:.]+\])(:\d{1,5})?$/,
    'must be like tcp://host or tcp://host:port',
  );

const hostSchema = /* @__PURE__ */ z.strictObject({
  uri,
  id: /* @__PURE__ */ optional(/* @__PURE__ */ z.string().min(1).max(253)),
  peerUri: optional(uri),
  migrateUri: optional(migrateUri),
  commands: optional(command),
  facts: optional(hostFactsSchema),
});

const settingsSchema = /* @__PURE__ */ z
  .strictObject({
    name: /* @__PURE__ */ z.string().min(1).default('libvirt'),
    hosts: /* @__PURE__ */ z
      .array(/* @__PURE__ */ z.union([uri.transform((value) => ({ uri: value })), hostSchema]))
      .min(1),
    commands: optional(command),
    deadline: length.default(seconds(30)),
    every: length.default(seconds(30)),
    patience: length.default(seconds(90)),
    sampling: length.default(seconds(10)),
    dirtyRate: /* @__PURE__ */ optional(
      /* @__PURE__ */ z.strictObject({
        every: length,
        window: /* @__PURE__ */ z.number().min(1000).max(60_000).multipleOf(1000).default(seconds(1)),
        mode: /* @__PURE__ */ z.enum(['page-sampling', 'dirty-bitmap', 'dirty-ring']).default('page-sampling'),
      }),
    ),
    shared: /* @__PURE__ */ z.array(sharedStorageSchema).default(() => []),
    migration: /* @__PURE__ */ z.prefault(
      /* @__PURE__ */ z.strictObject({
        deadline: length.default(minutes(30)),
        poll: length.default(seconds(1)),
        bandwidth: optional(length),
        postCopy: flag,
        autoConverge: flag,
        tls: flag,
        unsafe: flag,
      }),
      {},
    ),
    scheduler: /* @__PURE__ */ z.custom<SchedulerLike>().default(asyncScheduler),
  })
  .superRefine(({ hosts }, context) => {
    if (hosts.length < 2) return;
    hosts.forEach((host, i) => {
      const { peerUri = host.uri } = host as LibvirtHost;
      const peer = connectionUri(peerUri);
      if (peer.ok && peer.value.host === undefined && peer.value.hypervisor === 'qemu')
        context.addIssue({
          code: 'custom',
          path: ['hosts', i, 'peerUri'],
          message: `"${peerUri}" names no host, so the other hosts cannot reach it`,
        });
    });
  });

const hostOf = (text: string): string => {
  const read = connectionUri(text);
  return (read.ok ? read.value.host : undefined) ?? 'localhost';
};

/**
 * Checks options and fills in what is left out.
 *
 * @throws Error with the path of every value that is wrong
 */
export const libvirtSettings = (options: LibvirtOptions): LibvirtSettings => {
  const { commands, hosts, ...rest } = checkedSettings('libvirt', settingsSchema, options);
  const otherwise = commands ?? localCommands();
  const all = hosts.map((host: LibvirtHost): HostSettings => ({
    uri: host.uri,
    id: host.id ?? hostOf(host.uri),
    peerUri: host.peerUri ?? host.uri,
    commands: host.commands ?? otherwise,
    facts: host.facts ?? {},
    ...(host.migrateUri === undefined ? {} : { migrateUri: host.migrateUri }),
  }));
  const twice = listedTwice(all);
  if (twice !== undefined) throw new Error(`libvirt.hosts: two hosts are called "${twice}"; give them an id`);
  return { ...rest, hosts: all };
};
