/** Standing: what a QEMU is to its guest: where it runs, where it is expected, what it has left, or nobody. */
import { catchError, map, type Observable, of, throwError } from 'rxjs';
import * as z from 'zod';
import type { Failure } from '../../model/index.js';
import { DriverError } from '../driver-error.js';
import type { Place } from './places.js';

/**
 * What a QEMU is to its guest: the guest is `here`, running or paused; it is `awaited` by a receiver; it stands still while the last
 * of it is sent (`leaving`), or has `left`; or there is no such QEMU (`absent`). `unknown` where it does not say.
 */
export type Standing =
  | { readonly kind: 'here'; readonly running: boolean }
  | { readonly kind: 'awaited' | 'leaving' | 'left' | 'absent' }
  | { readonly kind: 'unknown'; readonly failure: Failure };

const statusSchema = /* @__PURE__ */ z.object({
  status: /* @__PURE__ */ z.string(),
  running: /* @__PURE__ */ z.boolean(),
});

/** An answer of QEMU by a schema. A breach is a `DriverError` of kind `protocol`. */
export const answered = <Value>(schema: z.ZodType<Value>, command: string, answer: unknown): Value => {
  const checked = schema.safeParse(answer);
  if (checked.success) return checked.data;
  const message = `${command} answered something else: ${checked.error.issues[0]?.message ?? 'wrong'}`;
  throw new DriverError({ kind: 'protocol', retryable: false, message });
};

/** What the QEMU at a place is to its guest. Emits once; never fails. */
export const standingAt = ({ qmp }: Place): Observable<Standing> =>
  qmp.execute('query-status').pipe(
    map((answer): Standing => {
      const { status, running } = answered(statusSchema, 'query-status', answer);
      if (status === 'inmigrate') return { kind: 'awaited' };
      if (status === 'finish-migrate') return { kind: 'leaving' };
      if (status === 'postmigrate') return { kind: 'left' };
      return { kind: 'here', running };
    }),
    catchError((thrown: unknown): Observable<Standing> => {
      if (!DriverError.is(thrown)) return throwError(() => thrown);
      // Nobody listens, or who did has just gone.
      if (thrown.kind === 'not found') return of({ kind: 'absent' });
      const { kind, retryable, message } = thrown;
      return of({ kind: 'unknown', failure: { kind, retryable, message } });
    }),
  );
