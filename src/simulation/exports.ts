/** Exports: which way hosts reach an image that is local to one of them, switched when its guest leaves and returns (M47). */
import * as z from 'zod';
import type { BytesPerSecond, Host, StoragePath } from '../model/index.js';

/** How the storages that are local to a host are reached from elsewhere without anybody having set that up. */
export interface Exports {
  readonly access: 'nfs' | 'iscsi';
  /** Disk score over the export. Default: the speed of a path without a score. */
  readonly score?: BytesPerSecond;
  /**
   * `away`: the image is local while its guest is at the host that has it, exported when the guest leaves, and local again
   * when it returns (Muda, §8.3; M47). `always`: it is reached over the export there too, as where the method of access
   * cannot be switched. Default `away`.
   */
  readonly when: 'away' | 'always';
}

/** Schema of {@link Exports}. */
export const exportsSchema = /* @__PURE__ */ z.strictObject({
  access: /* @__PURE__ */ z.enum(['nfs', 'iscsi']),
  score: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.number().positive()),
  when: /* @__PURE__ */ z.enum(['away', 'always']).default('away'),
});

/** The hosts as they are once all that is local to one of them can be exported: each of the others has a way to it. */
export const withExports = (hosts: readonly Host[], exports: Exports | undefined): readonly Host[] => {
  if (exports === undefined) return hosts;
  const { access, score } = exports;
  const local = hosts.flatMap(({ storage }) => storage.filter((path) => path.access === 'local').map(({ id }) => id));
  return hosts.map((host) => ({
    ...host,
    storage: [
      ...host.storage,
      ...[...new Set(local)]
        .filter((id) => !host.storage.some((path) => path.id === id))
        .map((id): StoragePath => ({ id, access, ...(score !== undefined && { score }) })),
    ],
  }));
};
