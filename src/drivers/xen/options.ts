/** XenOptions: which Xen hosts a driver asks and how, checked before any command is run. */
import { asyncScheduler, type SchedulerLike } from 'rxjs';
import * as z from 'zod';
import { type HostId, type Milliseconds, minutes, seconds } from '../../model/index.js';
import type { RunCommand } from '../commands/index.js';
import {
  checkedSettings,
  type HostFacts,
  hostFactsSchema,
  listedTwice,
  type SharedStorage,
  sharedStorageSchema,
} from '../survey/index.js';
import { sshTransport } from './transport.js';

/** A Xen host with the xl toolstack. */
export interface XlHost {
  /** Name in the inventory. */
  readonly id: HostId;
  /** Runs commands there with the rights of root, such as `overSsh({ host: 'a', user: 'root' })`. */
  readonly commands: RunCommand;
  /** Name or address by which the other hosts reach it. Default: `id`. */
  readonly address?: string;
  readonly facts?: HostFacts;
}

/** How guests are moved. */
export interface XlMigration {
  /** Longest that a move may take before it is ended; xl itself waits for ever on a link that is cut. Default: 30 min. */
  readonly deadline?: Milliseconds;
  /** Time between two looks at a move that was found under way, or that is being ended. Default: 2 s. */
  readonly poll?: Milliseconds;
  /** Words of the program that carries the stream; host and receiver's command are put after them. Default: ssh. */
  readonly transport?: readonly string[];
  /** Whether the stream is counted by `dd status=progress` on its way. Default: true. */
  readonly counted?: boolean;
}

/** Settings of {@link xl}. */
export interface XlOptions {
  /** Name of the driver in events. Default: `xl`. */
  readonly name?: string;
  readonly hosts: readonly XlHost[];
  /** Longest that a command may take that only asks. Default: 30 s. */
  readonly deadline?: Milliseconds;
  /** Time between two looks at the inventory. Default: 15 s. */
  readonly every?: Milliseconds;
  /** How long a host that does not answer is taken to be as it was. Default: 60 s. */
  readonly patience?: Milliseconds;
  /** Time between two samples. Default: 10 s. */
  readonly sampling?: Milliseconds;
  /** Storage that all hosts share. A guest with a disk elsewhere is not movable. Default: none. */
  readonly shared?: readonly SharedStorage[];
  readonly migration?: XlMigration;
  readonly scheduler?: SchedulerLike;
}

/** Everything with its defaults filled in. */
export interface XlSettings {
  readonly name: string;
  readonly hosts: readonly Required<XlHost>[];
  readonly deadline: Milliseconds;
  readonly every: Milliseconds;
  readonly patience: Milliseconds;
  readonly sampling: Milliseconds;
  readonly shared: readonly SharedStorage[];
  readonly migration: Required<XlMigration>;
  readonly scheduler: SchedulerLike;
}

const length = /* @__PURE__ */ z.number().positive();
/** It becomes an argument of xl and of ssh, so it must not look like an option, nor name a user. */
const address = /* @__PURE__ */ z
  .string()
  .regex(/^[A-Za-z0-9](?:[\w.-]{0,251}[A-Za-z0-9])?$|^[0-9a-fA-F:]{2,45}$/, 'must be a name or an address of a host');

const hostSchema = /* @__PURE__ */ z.strictObject({
  id: /* @__PURE__ */ z.string().min(1).max(253),
  commands: /* @__PURE__ */ z.custom<RunCommand>(
    (value) => typeof value === 'function',
    'is no function that runs commands',
  ),
  address: /* @__PURE__ */ z.exactOptional(address),
  facts: /* @__PURE__ */ z.exactOptional(hostFactsSchema),
});

const settingsSchema = /* @__PURE__ */ z.strictObject({
  name: /* @__PURE__ */ z.string().min(1).default('xl'),
  hosts: /* @__PURE__ */ z.array(hostSchema).min(1),
  deadline: length.default(seconds(30)),
  every: length.default(seconds(15)),
  patience: length.default(seconds(60)),
  sampling: length.default(seconds(10)),
  shared: /* @__PURE__ */ z.array(sharedStorageSchema).default(() => []),
  migration: /* @__PURE__ */ z.prefault(
    /* @__PURE__ */ z.strictObject({
      deadline: length.default(minutes(30)),
      poll: length.default(seconds(2)),
      transport: /* @__PURE__ */ z
        .array(/* @__PURE__ */ z.string().min(1))
        .min(1)
        .default(() => [...sshTransport]),
      counted: /* @__PURE__ */ z.boolean().default(true),
    }),
    {},
  ),
  scheduler: /* @__PURE__ */ z.custom<SchedulerLike>().default(asyncScheduler),
});

/**
 * Checks options and fills in what is left out.
 *
 * @throws Error with the path of every value that is wrong
 */
export const xlSettings = (options: XlOptions): XlSettings => {
  const { hosts, ...rest } = checkedSettings('xl', settingsSchema, options);
  const all = hosts.map((host, i) => {
    const reached = address.safeParse(host.address ?? host.id);
    if (!reached.success) throw new Error(`xl.hosts[${i}].address: "${host.id}" is no address; give one`);
    return { id: host.id, commands: host.commands, address: reached.data, facts: host.facts ?? {} };
  });
  const twice = listedTwice(all);
  if (twice !== undefined) throw new Error(`xl.hosts: two hosts are called "${twice}"`);
  return { ...rest, hosts: all };
};
