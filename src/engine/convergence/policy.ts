/** ConvergencePolicy: what to ask of a migration that does not settle, decided from its progress alone. */
import type { ConvergenceAction, Migration, Progress } from '../../model/index.js';

/**
 * A pure function from the progress that a migration has reported, oldest first, to what is asked of it now. Asked at each
 * report. The engine does not order the same action twice in a row, so a policy may repeat itself. Of a very long migration
 * it sees the newest reports only.
 */
export type ConvergencePolicy = (history: readonly Progress[], migration: Migration) => ConvergenceAction;

/** Asks for nothing. */
export const goOn: ConvergenceAction = { kind: 'continue' };

/**
 * Leaves every migration to the hypervisor's own rules. With QEMU that is its default: rounds without limit, until what is
 * left fits the allowed downtime (Muda, §7.4.4, M36).
 */
export const leaveAlone: ConvergencePolicy = () => goOn;
