/** DriverError: the only thing that a driver's streams may fail with. */
import type { Failure, FailureKind } from '../model/index.js';

const brand = 'whither/driver-error';

/** A failed command to a hypervisor. Told apart by its brand, so that copies of the package agree on it. */
export class DriverError extends Error implements Failure {
  readonly brand = brand;
  readonly kind: FailureKind;
  readonly retryable: boolean;
  override readonly name = 'DriverError';

  constructor({ kind, retryable, message }: Failure, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.retryable = retryable;
  }

  /** Whether a thrown thing is a DriverError, of this copy of the package or of another. */
  static is(thrown: unknown): thrown is DriverError {
    return typeof thrown === 'object' && thrown !== null && 'brand' in thrown && thrown.brand === brand;
  }
}

/** A failure that this side tells by itself: no tool had to say it. */
export const refusal = (kind: FailureKind, message: string, retryable = false): DriverError =>
  new DriverError({ kind, retryable, message });

const messageOf = (thrown: unknown): string => {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } catch {
    // An object without a prototype has no text, and to tell of a failure must not fail.
    return 'something without a text was thrown';
  }
};

/** Any thrown thing as plain data. What is not a {@link DriverError} is a breach of the driver's protocol. */
export const failureOf = (thrown: unknown): Failure =>
  DriverError.is(thrown)
    ? { kind: thrown.kind, retryable: thrown.retryable, message: thrown.message }
    : { kind: 'protocol', retryable: false, message: messageOf(thrown) };
