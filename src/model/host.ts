/** Host: a physical machine with a hypervisor, as it is equipped. What changes from second to second is a sample. */
import * as z from 'zod';
import type { HostId, LinkId, StorageId } from './identifiers.js';
import { amount, capacity, count, fraction, labels, name, optional } from './schema.js';
import type { Bytes, BytesPerSecond, Fraction, Hertz, Watts } from './units.js';

/**
 * What may be done with a host: `active` takes part; `draining` and `failing` are to be left by their guests and take none;
 * `off` is switched off and takes none.
 */
export type HostState = 'active' | 'draining' | 'failing' | 'off';

/** The processors of a host (Muda, Table 6.1: clock, model, cache; §7.1: cores). */
export interface Processor {
  /** Nominal clock of one core. Frequency scaling must be off or allowed for (Muda, §7.2.1). */
  readonly clock: Hertz;
  /** Physical cores of all sockets. */
  readonly cores: number;
  /** Logical processors, at least as many as cores. */
  readonly threads: number;
  /** Last-level cache. */
  readonly cache?: Bytes;
  /** Instruction set as the hypervisor names it, such as `x86_64`. */
  readonly architecture: string;
  /** Model as the hypervisor names it. */
  readonly model?: string;
  /** Feature flags that guests may rely on. */
  readonly flags?: readonly string[];
}

/** The memory of a host. */
export interface HostMemory {
  readonly total: Bytes;
  /** What the hypervisor keeps for itself; guests may use the rest. */
  readonly reserved: Bytes;
  /** Copy speed measured at start-up (Muda, §6.2.2). */
  readonly speed?: BytesPerSecond;
}

/** A way from a host to a storage; the same storage may be local to one host and remote to another (Muda, §6.5.2). */
export interface StoragePath {
  readonly id: StorageId;
  readonly access: 'local' | 'nfs' | 'iscsi' | 'clustered';
  /** Disk score: the rate measured at start-up over this path. */
  readonly score?: BytesPerSecond;
  readonly free?: Bytes;
}

/** What a network is used for. */
export type NetworkRole = 'migration' | 'storage' | 'guest' | 'management';

/** One role of a network on a host. Two roles that name one link share its bandwidth (Muda, §7.3 and §7.4). */
export interface HostNetwork {
  readonly role: NetworkRole;
  readonly link: LinkId;
  readonly bandwidth: BytesPerSecond;
}

/** One point of a power curve: what the host draws at a share of its processing capacity. */
export interface PowerPoint {
  readonly utilisation: Fraction;
  readonly watts: Watts;
}

/** A physical machine with a hypervisor: its static capabilities (Muda, Table 6.1) and its state. */
export interface Host {
  readonly id: HostId;
  readonly state: HostState;
  readonly cpu: Processor;
  readonly memory: HostMemory;
  readonly storage: readonly StoragePath[];
  readonly networks: readonly HostNetwork[];
  /** Special hardware that a guest may ask for (Muda, §8.3). */
  readonly devices: readonly string[];
  /** Rising by utilisation; empty where power is not known. */
  readonly power: readonly PowerPoint[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Schema of {@link Host} at the edge. */
export const hostSchema: z.ZodType<Host> = /* @__PURE__ */ z
  .strictObject({
    id: name,
    state: z.enum(['active', 'draining', 'failing', 'off']).default('active'),
    cpu: z.strictObject({
      clock: capacity,
      cores: count,
      threads: count,
      cache: optional(amount),
      architecture: name.default('x86_64'),
      model: optional(name),
      flags: optional(z.array(name)),
    }),
    memory: z.strictObject({ total: capacity, reserved: amount.default(0), speed: optional(capacity) }),
    storage: z
      .array(
        z.strictObject({
          id: name,
          access: z.enum(['local', 'nfs', 'iscsi', 'clustered']),
          score: optional(capacity),
          free: optional(amount),
        }),
      )
      .default([]),
    networks: z
      .array(
        z.strictObject({
          role: z.enum(['migration', 'storage', 'guest', 'management']),
          link: name,
          bandwidth: capacity,
        }),
      )
      .default([]),
    devices: z.array(name).default([]),
    power: z.array(z.strictObject({ utilisation: fraction, watts: amount })).default([]),
    labels: labels.default({}),
  })
  .superRefine((host, context) => {
    if (host.cpu.threads < host.cpu.cores)
      context.addIssue({
        code: 'custom',
        path: ['cpu', 'threads'],
        message: `${host.cpu.threads} threads are fewer than ${host.cpu.cores} cores`,
      });
    if (host.memory.reserved >= host.memory.total)
      context.addIssue({
        code: 'custom',
        path: ['memory', 'reserved'],
        message: `${host.memory.reserved} bytes reserved leave nothing of ${host.memory.total}`,
      });
    host.power.forEach((point, i) => {
      const before = host.power[i - 1];
      if (before && point.utilisation <= before.utilisation)
        context.addIssue({
          code: 'custom',
          path: ['power', i, 'utilisation'],
          message: 'must rise from point to point',
        });
    });
  });

/** All cycles that a host's processors offer in a second: physical cores times clock. */
export const cpuCapacity = ({ cpu }: Host): Hertz => cpu.cores * cpu.clock;
