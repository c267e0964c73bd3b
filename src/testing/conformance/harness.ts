/** DriverHarness: what somebody who wrote a driver provides, so that it can be checked. */
import type { Driver } from '../../drivers/index.js';
import type { ConvergenceAction, MigrationOrder, Milliseconds } from '../../model/index.js';

/** A world with a guest that can move, and a driver for it. */
export interface DriverWorld {
  readonly driver: Driver;
  /** A move that succeeds when it is let alone, and takes at least two seconds of the world's clock. */
  readonly order: MigrationOrder;
  /** Takes the driver's connections away without a word, as when its process is killed, and gives a new driver for the same world. */
  readonly restart: () => Driver | Promise<Driver>;
  /** Lets time of the world's clock pass. */
  readonly pass: (time: Milliseconds) => void | Promise<void>;
  /** Ends the world. */
  readonly close: () => void | Promise<void>;
}

/** How a driver is checked. */
export interface DriverHarness {
  /** Makes a new world for each check. */
  readonly open: () => DriverWorld | Promise<DriverWorld>;
  /** Longest time of the world's clock that the move, or its end, may take. */
  readonly patience: Milliseconds;
  /** Actions that the driver has to take while the move is copying. Others may be refused as `unsupported`. Default: none. */
  readonly actions?: readonly ConvergenceAction[];
  /** Checks that are left out, each with the reason. */
  readonly except?: Readonly<Record<string, string>>;
}

/** One check, for any test runner. */
export interface DriverCheck {
  /** What must hold, as a sentence. */
  readonly name: string;
  /** Why it is left out, if it is. */
  readonly skipped?: string;
  /** Resolves where it holds, rejects with an Error that says what does not. */
  readonly run: () => Promise<void>;
}
