/** Failure: how a command to a hypervisor went wrong, as plain data. */
import * as z from 'zod';

/** The kinds of failure that an engine has to tell apart. */
export type FailureKind =
  | 'unreachable'
  | 'not found'
  | 'conflict'
  | 'insufficient memory'
  | 'refused as unsafe'
  | 'cancelled'
  | 'timed out'
  | 'not converging'
  | 'protocol'
  | 'post-copy broken'
  | 'unsupported';

/** How a command to a hypervisor went wrong. */
export interface Failure {
  readonly kind: FailureKind;
  /** Whether the same order may succeed later without anybody's doing. */
  readonly retryable: boolean;
  /** What the hypervisor or the tool said; without secrets. */
  readonly message: string;
}

/** Schema of {@link FailureKind} at the edge. */
export const failureKindSchema: z.ZodType<FailureKind> = /* @__PURE__ */ z.enum([
  'unreachable',
  'not found',
  'conflict',
  'insufficient memory',
  'refused as unsafe',
  'cancelled',
  'timed out',
  'not converging',
  'protocol',
  'post-copy broken',
  'unsupported',
]);
