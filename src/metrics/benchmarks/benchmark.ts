/** Benchmark: what a start-up measurement gives, or why it could not run (Muda, §6.2.2; M7). */
import { type BytesPerSecond, failed, ok, printable, type Result } from '../../model/index.js';
import type { Ran } from './runner.js';

/** A measured rate. */
export interface Measured {
  readonly rate: BytesPerSecond;
  /** What measured it: `memory copy`, `fio`, `own read`, `iperf3`. Rates of different methods do not compare (M7). */
  readonly method: string;
  /** What makes the figure less than it seems, in words. */
  readonly caveats: readonly string[];
}

/** Why a measurement could not run. */
export interface BenchmarkFailure {
  readonly kind: 'not installed' | 'timed out' | 'cancelled' | 'refused' | 'malformed' | 'failed';
  /** The command or the file, and what it said. */
  readonly message: string;
}

/** A measured rate, or why there is none. */
export type Benchmark = Result<Measured, BenchmarkFailure>;

/** A measurement that could not run. */
export const cannot = (kind: BenchmarkFailure['kind'], message: string): Result<never, BenchmarkFailure> =>
  failed({ kind, message });

/** The output of a command that ran, whatever its exit code, or why there is none. */
export const outputOf = (
  command: string,
  ran: Ran,
): Result<{ readonly code: number; readonly stdout: string; readonly stderr: string }, BenchmarkFailure> => {
  switch (ran.kind) {
    case 'ran':
      return ok(ran);
    case 'failed':
      return cannot('failed', `${command}: ${ran.why}`);
    default:
      return cannot(ran.kind, `${command}: ${ran.kind}`);
  }
};

/** The text as JSON, or that it is none. Some tools write notes before the first bracket. */
export const jsonOf = (command: string, text: string): Result<unknown, BenchmarkFailure> => {
  const start = text.indexOf('{');
  try {
    return ok(JSON.parse(start > 0 ? text.slice(start) : text));
  } catch {
    return cannot('malformed', `${command}: no JSON: ${printable(text)}`);
  }
};
