/** One arm: the day in virtual time under one policy, from samples to moves, and what is kept of it. */
import { engine, type EngineEvent } from 'whither/engine';
import { cpuCapacity, explainPlan, hours, type Milliseconds, minutes, seconds } from 'whither/model';
import type { Policy } from 'whither/policies';
import { type MeterReading, simulatedCluster, virtualTime } from 'whither/simulation';
import type { Arm, DecisionRecord, MoveRecord } from './arm.js';
import type { Scenario } from './scenario.js';

/** Time between the readings that the plots show. */
const slice = minutes(5);

/** Told after each slice of the day. */
export type OnProgress = (share: number, moves: number) => void;

const moveOf = (event: EngineEvent): MoveRecord | undefined => {
  if (event.kind !== 'ended' && event.kind !== 'failed') return undefined;
  const { guest, from, to, startedAt, endedAt, ending } = event.outcome;
  return { guest, from, to, startedAt, endedAt, done: ending.result === 'done' };
};

/** The moves of a plan that were admitted, with what was passed over for their guests. */
const decisionOf = (events: readonly EngineEvent[]): DecisionRecord | undefined => {
  const admitted = new Set(events.flatMap((event) => (event.kind === 'admitted' ? [event.order.guest] : [])));
  const decided = events.find((event) => event.kind === 'decided');
  if (admitted.size === 0 || decided?.kind !== 'decided') return undefined;
  const { moves, passedOver } = decided.plan;
  const text = explainPlan({
    moves: moves.filter(({ guest }) => admitted.has(guest)),
    passedOver: passedOver.filter(({ subject }) => subject.kind === 'guest' && admitted.has(subject.id)),
  });
  return { at: decided.at, text };
};

const unservedBetween = (before: MeterReading, after: MeterReading): number => {
  const demanded = after.total.demanded - before.total.demanded;
  return demanded > 0 ? 1 - (after.total.served - before.total.served) / demanded : 0;
};

/** Plays a day under a policy. Equal arguments give an equal arm. */
export const runArm = (
  name: string,
  policy: Policy,
  scenario: Scenario,
  { seed, length = hours(24) }: { readonly seed: number; readonly length?: Milliseconds },
  onProgress: OnProgress = () => undefined,
): Arm => {
  const time = virtualTime();
  const cluster = simulatedCluster({
    ...scenario,
    seed,
    sampling: { every: seconds(30), processes: false },
    scheduler: time.scheduler,
  });
  const moves: MoveRecord[] = [];
  const decisions: DecisionRecord[] = [];
  let round: EngineEvent[] = [];
  const closeRound = (): void => {
    const decision = decisionOf(round);
    if (decision) decisions.push(decision);
    round = [];
  };
  const running = engine({
    driver: cluster,
    policy,
    every: minutes(1),
    limits: { perHost: 1, total: 8 },
    scheduler: time.scheduler,
  }).subscribe((event) => {
    if (event.kind === 'snapshot') closeRound();
    if (event.kind === 'decided' || event.kind === 'admitted') round.push(event);
    const move = moveOf(event);
    if (move) moves.push(move);
  });

  const readings = [cluster.meter()];
  for (const at of time.slices(length, slice)) {
    readings.push(cluster.meter());
    onProgress(at / length, moves.length);
  }
  closeRound();
  running.unsubscribe();

  const steps = readings.slice(1).map((after, i) => ({ before: readings[i] ?? after, after }));
  const end = readings.at(-1) ?? cluster.meter();
  return {
    name,
    at: steps.map(({ after }) => after.at),
    loads: scenario.hosts.map((host) => ({
      host: host.id,
      load: steps.map(({ before, after }) => {
        const cycles = (after.hosts.get(host.id)?.demanded ?? 0) - (before.hosts.get(host.id)?.demanded ?? 0);
        return cycles / (cpuCapacity(host) * ((after.at - before.at) / 1000));
      }),
    })),
    unserved: steps.map(({ before, after }) => unservedBetween(before, after)),
    moves,
    decisions,
    totals: {
      unserved: end.total.demanded > 0 ? 1 - end.total.served / end.total.demanded : 0,
      overloaded: end.total.overloaded,
      migrations: end.migrations.done,
      failed: end.migrations.failed,
      moved: end.migrations.bytes,
      downtime: end.migrations.downtime,
    },
  };
};
