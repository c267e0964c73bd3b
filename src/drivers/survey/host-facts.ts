/** HostFacts: what a hypervisor does not know of its host, told by the operator, and the check of a driver's settings. */
import * as z from 'zod';
import {
  type Bytes,
  type HostId,
  type HostNetwork,
  type HostState,
  mebibytes,
  pathText,
  type PowerPoint,
} from '../../model/index.js';

/** A directory or a pool that all hosts of a driver reach under one name, so that what lies there need not be copied. */
export interface SharedStorage {
  /** Beginning of the paths of disks, such as `/srv/images/`. */
  readonly path: string;
  /** Its name in the inventory. Default: the path. */
  readonly id?: string;
  /** Default: `nfs`. */
  readonly access?: 'nfs' | 'iscsi' | 'clustered';
}

/** What a hypervisor does not know of its host. */
export interface HostFacts {
  /** Default: `active`. */
  readonly state?: HostState;
  /** What guests may not use. Default: what the hypervisor says, or 512 MiB, or half of the memory where that is less. */
  readonly reserved?: Bytes;
  /** Default: none, so that limits per link do not apply. */
  readonly networks?: readonly HostNetwork[];
  /** Default: none. */
  readonly devices?: readonly string[];
  /** Default: none. */
  readonly power?: readonly PowerPoint[];
  /** Default: none. */
  readonly labels?: Readonly<Record<string, string>>;
}

const text = /* @__PURE__ */ z.string().min(1).max(253);
const amount = /* @__PURE__ */ z.number().nonnegative();
const optional = z.exactOptional;

/** Schema of {@link HostFacts}. The inventory is checked as a whole where it is made. */
export const hostFactsSchema: z.ZodType<HostFacts> = /* @__PURE__ */ z.strictObject({
  state: /* @__PURE__ */ optional(/* @__PURE__ */ z.enum(['active', 'draining', 'failing', 'off'])),
  reserved: /* @__PURE__ */ optional(amount),
  networks: /* @__PURE__ */ optional(
    /* @__PURE__ */ z.array(
      /* @__PURE__ */ z.strictObject({
        role: /* @__PURE__ */ z.enum(['migration', 'storage', 'guest', 'management']),
        link: text,
        bandwidth: /* @__PURE__ */ z.number().positive(),
      }),
    ),
  ),
  devices: /* @__PURE__ */ optional(/* @__PURE__ */ z.array(text)),
  power: /* @__PURE__ */ optional(
    /* @__PURE__ */ z.array(
      /* @__PURE__ */ z.strictObject({ utilisation: /* @__PURE__ */ z.number().min(0).max(1), watts: amount }),
    ),
  ),
  labels: /* @__PURE__ */ optional(/* @__PURE__ */ z.record(text, /* @__PURE__ */ z.string())),
});

/** Schema of {@link SharedStorage}. */
export const sharedStorageSchema: z.ZodType<SharedStorage> = /* @__PURE__ */ z.strictObject({
  path: text,
  id: /* @__PURE__ */ optional(text),
  access: /* @__PURE__ */ optional(/* @__PURE__ */ z.enum(['nfs', 'iscsi', 'clustered'])),
});

/** What a host keeps for itself where nobody says: 512 MiB, but never more than half. */
export const reservedOf = ({ reserved }: HostFacts, total: Bytes): Bytes =>
  Math.min(reserved ?? Math.min(mebibytes(512), total / 2), total - 1);

/** The storage that a path lies on, of those that are shared. */
export const storageOf = (shared: readonly SharedStorage[], path: string): string | undefined => {
  const found = shared.find(({ path: beginning }) => path.startsWith(beginning));
  return found && (found.id ?? found.path);
};

/**
 * A driver's settings as its schema gives them.
 *
 * @throws Error with a line for everything that is unknown, missing or wrong, the path of the value first
 */
export const checkedSettings = <Output>(owner: string, schema: z.ZodType<Output>, value: unknown): Output => {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const said = checked.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => `${pathText([owner, ...issue.path, key])}: is not a setting`)
      : [`${pathText([owner, ...issue.path])}: ${issue.message}`],
  );
  throw new Error(said.join('\n'), { cause: checked.error });
};

/** The first host that is listed twice. */
export const listedTwice = (hosts: readonly { readonly id: HostId }[]): HostId | undefined =>
  hosts.find(({ id }, i) => hosts.findIndex((other) => other.id === id) !== i)?.id;
