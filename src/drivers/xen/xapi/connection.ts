/** XapiConnection: how a XAPI pool is spoken to, by a connection that the embedding application has opened and closes. */
import { defer, from, map, mergeMap, type Observable, type SchedulerLike, throwError, timeout, catchError } from 'rxjs';
import type * as z from 'zod';
import { type FailureKind, type Milliseconds, pathText } from '../../../model/index.js';
import { DriverError } from '../../driver-error.js';

/** What the driver asks of a connection. The client of the package `xen-api` is one for `call`. */
export interface XapiConnection {
  /** Calls a method of XAPI, such as `VM.get_all_records`, in the connection's session; rejects with the error of XAPI. */
  readonly call: (method: string, ...args: readonly unknown[]) => Promise<unknown>;
  /** Emits when an object of the pool has changed. Default: nobody tells; the pool is asked at its times. */
  readonly changes?: () => Observable<unknown>;
  /** The text that a host answers to an HTTP GET, such as that of `/rrd_updates`. Default: there are no samples. */
  readonly get?: (host: string, path: string, query: Readonly<Record<string, string>>) => Promise<string>;
}

/** Codes of XAPI's errors (XenAPI reference, "Error handling"), and what they mean here. */
const kinds: Readonly<Record<string, readonly [kind: FailureKind, retryable: boolean]>> = {
  CANNOT_CONTACT_HOST: ['unreachable', true],
  HANDLE_INVALID: ['not found', false],
  HOST_DISABLED: ['unreachable', true],
  HOST_NOT_ENOUGH_FREE_MEMORY: ['insufficient memory', true],
  HOST_NOT_LIVE: ['unreachable', true],
  HOST_OFFLINE: ['unreachable', true],
  OPERATION_NOT_ALLOWED: ['conflict', true],
  OTHER_OPERATION_IN_PROGRESS: ['conflict', true],
  SESSION_AUTHENTICATION_FAILED: ['unreachable', false],
  SESSION_INVALID: ['unreachable', true],
  TASK_CANCELLED: ['cancelled', false],
  UUID_INVALID: ['not found', false],
  VM_BAD_POWER_STATE: ['conflict', false],
  VM_HAS_PCI_ATTACHED: ['unsupported', false],
  VM_INCOMPATIBLE_WITH_THIS_HOST: ['unsupported', false],
  VM_LACKS_FEATURE: ['unsupported', false],
  VM_LACKS_FEATURE_SUSPEND: ['unsupported', false],
  VM_REQUIRES_GPU: ['unsupported', false],
  VM_REQUIRES_NETWORK: ['unsupported', false],
  VM_REQUIRES_SR: ['refused as unsafe', false],
};

/** Codes that the operating system gives where a connection fails. */
const network = /^(ECONN|EHOST|ENET|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE)/;

/** What XAPI says of an error: its code and what it is about. A session may be among the latter, so only the first is repeated. */
export const failureOfXapi = (code: string, about: readonly unknown[] = []): DriverError => {
  const [kind, retryable] =
    kinds[code] ?? (network.test(code) ? (['unreachable', true] as const) : (['protocol', false] as const));
  const what = about.filter((part): part is string => typeof part === 'string').slice(0, 1);
  const told = code.startsWith('SESSION') ? [] : what;
  return new DriverError({ kind, retryable, message: `XAPI: ${[code, ...told].join(': ').slice(0, 300)}` });
};

const field = (thrown: unknown, name: string): unknown =>
  typeof thrown === 'object' && thrown !== null && name in thrown ? Reflect.get(thrown, name) : undefined;

const driverErrorOf = (thrown: unknown): DriverError => {
  if (DriverError.is(thrown)) return thrown;
  const code = field(thrown, 'code');
  const params = field(thrown, 'params');
  if (typeof code === 'string') return failureOfXapi(code, Array.isArray(params) ? params : []);
  return new DriverError(
    { kind: 'protocol', retryable: false, message: 'XAPI: the call failed without a code' },
    thrown,
  );
};

/** Calls that have a deadline and an answer that was checked. */
export interface Xapi {
  readonly ask: <Output>(schema: z.ZodType<Output>, method: string, ...args: readonly unknown[]) => Observable<Output>;
}

/** Wraps a connection. */
export const xapiOver = (connection: XapiConnection, deadline: Milliseconds, scheduler: SchedulerLike): Xapi => ({
  ask: (schema, method, ...args) =>
    defer(() => from(connection.call(method, ...args))).pipe(
      timeout({
        first: deadline,
        scheduler,
        with: () =>
          throwError(
            () =>
              new DriverError({
                kind: 'timed out',
                retryable: true,
                message: `${method}: no answer within ${deadline} ms`,
              }),
          ),
      }),
      catchError((thrown: unknown) => throwError(() => driverErrorOf(thrown))),
      mergeMap((answer) => {
        const read = schema.safeParse(answer);
        if (read.success) return [read.data];
        const issue = read.error.issues[0];
        throw new DriverError({
          kind: 'protocol',
          retryable: false,
          message: `${method}${pathText(['', ...(issue?.path ?? [])])}: ${issue?.message ?? 'is not valid'}`,
        });
      }),
      map((value) => value),
    ),
});
