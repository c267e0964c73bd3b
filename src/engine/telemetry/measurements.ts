/** Measurements: what each event adds to which instrument. */
import { match } from 'ts-pattern';
import type { Cluster, Outcome, Reason } from '../../model/index.js';
import type { EngineEvent } from '../events.js';
import type { CounterLike, MeterLike } from './instruments.js';

const inSeconds = (milliseconds: number): number => milliseconds / 1000;

/** The rule that spoke first against a move; few enough to be an attribute, as the number of guests is not. */
const ruleOf = (because: readonly Reason[]): string => because[0]?.rule ?? 'none';

/** Records what an engine's events tell into the instruments of a meter. The function that it returns takes one event. */
export const measurements = (meter: MeterLike): ((event: EngineEvent) => void) => {
  const counter = (name: string, description: string, unit: string): CounterLike =>
    meter.createCounter(`whither.${name}`, { description, unit });
  const decisions = counter('decisions', 'Plans that a policy made', '{decision}');
  const proposals = counter('proposals', 'Moves that plans proposed', '{move}');
  const refusals = counter('refusals', 'Proposed moves that the engine did not admit', '{move}');
  const migrations = counter('migrations', 'Moves that ended', '{move}');
  const inputs = counter('bad_inputs', 'Inputs that were not taken', '{input}');
  const policyFailures = counter(
    'policy.failures',
    'Policies that were refused, and plans that were none',
    '{failure}',
  );
  const driverFailures = counter('driver.failures', 'Requests that a driver failed', '{failure}');
  const inFlight = meter.createUpDownCounter('whither.migrations.in_flight', {
    description: 'Moves under way',
    unit: '{move}',
  });
  const duration = meter.createHistogram('whither.migration.duration', {
    description: 'Time from the order to the end of a move',
    unit: 's',
  });
  const downtime = meter.createHistogram('whither.migration.downtime', {
    description: 'Time that the guest stood still',
    unit: 's',
  });
  const sent = meter.createHistogram('whither.migration.sent', { description: 'Bytes sent for a move', unit: 'By' });
  const age = meter.createHistogram('whither.sample.age', {
    description: 'Age of the last sample of a subject when a plan was made',
    unit: 's',
  });

  const aged = ({ at, hosts, guests }: Cluster): void => {
    for (const [kind, subjects] of [
      ['host', hosts],
      ['guest', guests],
    ] as const)
      for (const { knowledge } of subjects)
        if (knowledge.kind !== 'unseen') age.record(inSeconds(Math.max(0, at - knowledge.at)), { kind });
  };

  const over = ({ startedAt, endedAt, ending }: Outcome): void => {
    const result =
      ending.result === 'done'
        ? { result: 'done' }
        : { result: 'failed', failure: ending.failure.kind, retryable: ending.failure.retryable };
    migrations.add(1, result);
    inFlight.add(-1);
    duration.record(inSeconds(endedAt - startedAt), { result: ending.result });
    if (ending.result === 'failed') return;
    // What the hypervisor does not tell is no measurement of zero.
    if (ending.downtime !== undefined) downtime.record(inSeconds(ending.downtime));
    if (ending.sent !== undefined) sent.record(ending.sent);
  };

  return (event) => {
    match(event)
      .with({ kind: 'snapshot' }, ({ cluster }) => aged(cluster))
      .with({ kind: 'decided' }, ({ policy, plan }) => {
        decisions.add(1, { policy, moves: plan.moves.length > 0 });
        proposals.add(plan.moves.length, { policy });
      })
      .with({ kind: 'admitted' }, { kind: 'resumed' }, () => inFlight.add(1))
      .with({ kind: 'refused' }, ({ because }) => refusals.add(1, { rule: ruleOf(because) }))
      .with({ kind: 'ended' }, { kind: 'failed' }, ({ outcome }) => over(outcome))
      .with({ kind: 'bad-input' }, ({ input }) => inputs.add(1, { source: input.source, problem: input.problem }))
      .with({ kind: 'policy-failed' }, ({ problem }) => policyFailures.add(1, { problem }))
      .with({ kind: 'driver-failed' }, ({ driver, request, failure }) =>
        driverFailures.add(1, { driver, request, failure: failure.kind }),
      )
      .otherwise(() => undefined);
  };
};
