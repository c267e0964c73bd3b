/** Spans: one for each decision and each move. */
import { match } from 'ts-pattern';
import type { MigrationId, MigrationOrder, Milliseconds } from '../../model/index.js';
import type { EngineEvent } from '../events.js';
import type { Attributes, SpanLike, TracerLike } from './instruments.js';

/** The spans of an engine. */
export interface Spans {
  /** Takes one event. */
  readonly take: (event: EngineEvent) => void;
  /** Ends what is open, since nobody listens any more. The moves themselves are cancelled or go on, as the engine has it. */
  readonly close: () => void;
}

/** A number below the start of the process would be taken for a time since then. */
const date = (at: Milliseconds): Date => new Date(at);

const orderOf = ({ id, guest, from, to }: MigrationOrder): Attributes => ({
  'whither.migration.id': id,
  'whither.guest': guest,
  'whither.from': from,
  'whither.to': to,
});

/**
 * Begins and ends spans with the engine's events. Their times are the engine's, which are epoch milliseconds wherever its scheduler is
 * a real one.
 */
export const spans = (tracer: TracerLike): Spans => {
  const moves = new Map<MigrationId, SpanLike>();
  let latest: Milliseconds = 0;
  let deciding: SpanLike | undefined;

  const begin = (order: MigrationOrder, startTime: Milliseconds, resumed: boolean): void => {
    moves.set(
      order.id,
      tracer.startSpan('whither.migration', {
        startTime: date(startTime),
        attributes: { ...orderOf(order), 'whither.resumed': resumed },
      }),
    );
  };
  const end = (id: MigrationId, at: Milliseconds, close: (span: SpanLike) => void): void => {
    const span = moves.get(id);
    if (span === undefined) return;
    close(span);
    span.end(date(at));
    moves.delete(id);
  };

  return {
    take: (event) => {
      latest = event.at;
      match(event)
        .with({ kind: 'snapshot' }, ({ at, cluster }) => {
          // A policy that failed left its span open: no plan came.
          deciding?.end(date(at));
          deciding = tracer.startSpan('whither.decision', {
            startTime: date(at),
            attributes: { 'whither.hosts': cluster.hosts.length, 'whither.guests': cluster.guests.length },
          });
        })
        .with({ kind: 'decided' }, ({ at, policy, plan }) => {
          deciding?.setAttributes({ 'whither.policy': policy, 'whither.moves': plan.moves.length });
          deciding?.setStatus({ code: 1 });
          deciding?.end(date(at));
          deciding = undefined;
        })
        .with({ kind: 'policy-failed' }, ({ problem, message }) =>
          deciding?.setStatus({ code: 2, message: `${problem}: ${message}` }),
        )
        .with({ kind: 'admitted' }, ({ at, order }) => begin(order, at, false))
        .with({ kind: 'resumed' }, ({ migration }) => begin(migration, migration.startedAt, true))
        .with({ kind: 'steered' }, ({ at, migration, action }) =>
          moves.get(migration)?.addEvent(action.kind, {}, date(at)),
        )
        .with({ kind: 'ended' }, ({ at, outcome }) => end(outcome.id, at, (span) => span.setStatus({ code: 1 })))
        .with({ kind: 'failed' }, ({ at, outcome }) =>
          end(outcome.id, at, (span) => {
            if (outcome.ending.result !== 'failed') return;
            const { kind, message } = outcome.ending.failure;
            span.setAttributes({ 'whither.failure': kind });
            span.setStatus({ code: 2, message });
          }),
        )
        .otherwise(() => undefined);
    },
    close: () => {
      deciding?.end(date(latest));
      deciding = undefined;
      for (const id of [...moves.keys()]) end(id, latest, () => undefined);
    },
  };
};
