/** MigrationState: turns the answer of `query-migrate` into how far a migration is, in every state that QEMU has. */
import * as z from 'zod';
import {
  type Failure,
  type Milliseconds,
  type MigrationPhase,
  percent,
  type Progress,
  type Bytes,
} from '../../model/index.js';
import { failureFrom } from '../qmp/index.js';
import { answered } from './standing.js';

/** How a migration stands. */
export type MigrationState =
  /** There is none, or there was none since QEMU began. */
  | { readonly kind: 'none' }
  | { readonly kind: 'under way'; readonly progress: Progress; readonly startedAt?: Milliseconds }
  /** It is being given up; it says no figures then. */
  | { readonly kind: 'ending' }
  | { readonly kind: 'done'; readonly downtime?: Milliseconds; readonly sent?: Bytes }
  /** It is done, but the times are not worked out yet. */
  | { readonly kind: 'nearly done' }
  | { readonly kind: 'over'; readonly failure: Failure };

const amount = /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.number().nonnegative());

const schema = /* @__PURE__ */ z.object({
  status: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.string()),
  'error-desc': /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.string()),
  'total-time': amount,
  downtime: amount,
  'cpu-throttle-percentage': amount,
  ram: /* @__PURE__ */ z.exactOptional(
    /* @__PURE__ */ z.object({
      transferred: /* @__PURE__ */ z.number().nonnegative(),
      remaining: /* @__PURE__ */ z.number().nonnegative(),
      'dirty-sync-count': amount,
      'dirty-pages-rate': amount,
      'page-size': amount,
      mbps: amount,
    }),
  ),
});

type Answer = z.infer<typeof schema>;

/** `dirty-sync-count` counts from the first pass; the first rate is measured when that is over. */
const measuredFrom = 2;

const progressOf = (
  at: Milliseconds,
  phase: MigrationPhase,
  answer: Answer,
  downtimeLimit?: Milliseconds,
): Progress => {
  const { ram, 'cpu-throttle-percentage': throttle } = answer;
  const round = ram?.['dirty-sync-count'];
  const [dirtied, page] = [ram?.['dirty-pages-rate'], ram?.['page-size']];
  return {
    at,
    phase,
    sent: ram?.transferred ?? 0,
    ...(ram && phase !== 'preparing' ? { remaining: ram.remaining } : {}),
    ...(round === undefined || round === 0 ? {} : { round }),
    // It is 0 until it is measured, which is not to be taken for an idle guest.
    ...(dirtied !== undefined && page !== undefined && dirtied > 0 && (round ?? 0) >= measuredFrom
      ? { dirtyRate: dirtied * page }
      : {}),
    ...(ram?.mbps !== undefined && ram.mbps > 0 ? { bandwidth: (ram.mbps * 1e6) / 8 } : {}),
    ...(downtimeLimit === undefined ? {} : { downtimeLimit }),
    ...(throttle === undefined ? {} : { throttle: percent(Math.min(100, throttle)) }),
  };
};

const over = (kind: Failure['kind'], message: string, retryable = false): MigrationState => ({
  kind: 'over',
  failure: { kind, retryable, message },
});

/**
 * How a migration stands by an answer of `query-migrate`.
 *
 * @param at - when it was answered
 * @param downtimeLimit - what `query-migrate-parameters` said; the answer itself does not
 * @throws DriverError of kind `protocol` where it is no such answer
 */
export const migrationState = (at: Milliseconds, answer: unknown, downtimeLimit?: Milliseconds): MigrationState => {
  const read = answered(schema, 'query-migrate', answer);
  const underWay = (phase: MigrationPhase): MigrationState => ({
    kind: 'under way',
    progress: progressOf(at, phase, read, downtimeLimit),
    ...(read['total-time'] === undefined ? {} : { startedAt: at - read['total-time'] }),
  });
  switch (read.status) {
    case undefined:
    case 'none':
      return { kind: 'none' };
    case 'setup':
    case 'wait-unplug':
      return underWay('preparing');
    case 'active':
      return underWay('copying');
    case 'pre-switchover':
    case 'device':
      return underWay('stopped');
    case 'postcopy-active':
      return underWay('post-copy');
    case 'postcopy-paused':
    case 'postcopy-recover':
    case 'postcopy-recover-setup':
      return over(
        'post-copy broken',
        `the connection of a post-copy was lost (${read.status}); half of the guest is on each host`,
      );
    case 'cancelling':
      return { kind: 'ending' };
    case 'cancelled':
      return over('cancelled', 'the migration was cancelled');
    case 'failed':
      return {
        kind: 'over',
        failure: failureFrom(read['error-desc'] ?? 'QEMU does not say why', 'the migration failed'),
      };
    case 'colo':
      return over('unsupported', 'the guest is kept in step on two hosts (COLO), which does not end');
    case 'completed':
      return read['total-time'] === undefined || read['total-time'] === 0
        ? { kind: 'nearly done' }
        : {
            kind: 'done',
            ...(read.downtime === undefined ? {} : { downtime: read.downtime }),
            ...(read.ram ? { sent: read.ram.transferred } : {}),
          };
    default:
      return over('protocol', `QEMU is in a state that is not known: ${read.status}`);
  }
};
