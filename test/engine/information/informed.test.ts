import { describe, expect, test } from 'vitest';
import {
  atInterval,
  engine,
  type EngineEvent,
  informed,
  type InformationMessage,
  type InformationSettings,
  onChange,
  type ReportRule,
  whichever,
} from '../../../src/engine/index.js';
import { minutes, percent, seconds } from '../../../src/model/index.js';
import {
  cslb,
  dynamic,
  type Policy,
  toFewest,
  toLightest,
  whenOverloaded,
  whenUneven,
} from '../../../src/policies/index.js';
import { simulatedCluster, type SimulationOptions, traceDemand, virtualTime } from '../../../src/simulation/index.js';
import { only } from '../rig.js';
import { guest, host } from '../../simulation/small.js';

/** Demands of guests by name, all on the host of their first letter; of one vCPU each, on hosts of two cores. */
const loaded = (demands: Readonly<Record<string, readonly number[]>>): SimulationOptions => ({
  hosts: ['a', 'b', 'c'].map((id) => host(id)),
  guests: Object.keys(demands).map((id) => guest(id, id.slice(0, 1))),
  workloads: Object.fromEntries(
    Object.entries(demands).map(([id, trace]) => [id, { demand: traceDemand(trace, { step: minutes(5) }) }]),
  ),
});

/** Loads of 90 %, 20 % and 40 %. */
const uneven = { a1: [0.7], a2: [0.6], a3: [0.5], b1: [0.4], c1: [0.8] };
const reportsAt = (messages: readonly Told[], host: string): readonly number[] =>
  messages.flatMap(({ at, message }) => (message.kind === 'report' && message.report.host === host ? [at / 1000] : []));

interface Told {
  readonly at: number;
  readonly message: InformationMessage;
}
interface Run {
  readonly events: readonly EngineEvent[];
  readonly messages: readonly Told[];
  readonly reports: number;
  readonly moves: readonly string[];
}

const run = (
  simulation: SimulationOptions,
  settings: Omit<InformationSettings, 'scheduler'>,
  {
    policy = cslb({ moving: {}, guards: { noSwap: true } }),
    staleAfter = minutes(2),
    length = minutes(10),
  }: { readonly policy?: Policy; readonly staleAfter?: number; readonly length?: number } = {},
): Run => {
  const time = virtualTime();
  const driver = informed(simulatedCluster({ ...simulation, scheduler: time.scheduler }), {
    ...settings,
    scheduler: time.scheduler,
  });
  const events: EngineEvent[] = [];
  const messages: Told[] = [];
  driver.messages.subscribe((message) => messages.push({ at: time.now(), message }));
  const running = engine({ driver, policy, every: seconds(10), staleAfter, scheduler: time.scheduler }).subscribe(
    (event) => events.push(event),
  );
  time.run(length);
  running.unsubscribe();
  return {
    events,
    messages,
    reports: messages.filter(({ message }) => message.kind === 'report').length,
    moves: only(events, 'admitted').map(({ order: { guest, from, to } }) => `${guest} ${from}→${to}`),
  };
};

const quiet: ReportRule = whichever(onChange(), atInterval(minutes(1)));

describe('information: what the scheduler is told, and when (W8, W11)', () => {
  test('on a static load, reports on change are fewer and the decisions are the same', () => {
    const often = run(loaded(uneven), { rule: atInterval(seconds(10)) });
    const seldom = run(loaded(uneven), { rule: quiet });
    expect(often.moves.length).toBeGreaterThan(0);
    expect(seldom.moves).toEqual(often.moves);
    expect(seldom.reports).toBeLessThan(often.reports / 3);
  });

  test('at a fixed interval a report comes when the interval is over, whatever the load does', () => {
    const { messages } = run(loaded({ a1: [0.1, 0.9] }), { rule: atInterval(minutes(2)) }, { length: minutes(9) });
    expect(reportsAt(messages, 'a')).toEqual([10, 130, 250, 370, 490]);
  });

  test('on change a jump of the load is reported at the very sample that shows it', () => {
    const { messages } = run(loaded({ a1: [0.1, 0.9] }), { rule: quiet }, { length: minutes(6) });
    // Every minute from the first sample on; the load jumps at 300 s, and the sample after that tells it.
    expect(reportsAt(messages, 'a')).toEqual([10, 70, 130, 190, 250, 310]);
    const between = run(loaded({ a1: [0.1, 0.9] }), { rule: whichever(onChange(), atInterval(minutes(4))) });
    expect(reportsAt(between.messages, 'a')).toEqual([10, 250, 310, 550]);
  });

  test('a change of less than ten points is not much, one of ten is', () => {
    // One vCPU of two cores: 0.18 of it are 9 points.
    const { messages } = run(loaded({ a1: [0.5, 0.68], b1: [0.5, 0.7] }), { rule: onChange() }, { length: minutes(6) });
    expect(reportsAt(messages, 'a')).toEqual([10]);
    expect(reportsAt(messages, 'b')).toEqual([10, 310]);
  });

  test('what is not reported is old information, and beyond the limit it is stale and moves nothing', () => {
    const { events, moves } = run(
      loaded(uneven),
      { rule: onChange() },
      { staleAfter: seconds(25), length: minutes(5) },
    );
    const snapshot = only(events, 'snapshot').at(-1);
    expect(snapshot?.cluster.hosts.map(({ knowledge }) => knowledge.kind)).toContain('stale');
    const late = only(events, 'admitted').filter(({ at }) => at > seconds(60));
    expect(moves.length).toBeGreaterThan(0);
    expect(late).toEqual([]);
  });

  test('bad input is passed on, and so is a sample of a subject that nobody knows', () => {
    const { events } = run(
      { ...loaded(uneven), seed: 5, faults: { rates: { garbage: 0.2 } } },
      { rule: quiet },
      { length: minutes(3) },
    );
    expect(only(events, 'bad-input').length).toBeGreaterThan(0);
  });

  test.each([
    [{ rule: {} }, /^informed\.rule: must be a rule of reports$/],
    [{ rule: quiet, moving: { below: 2, staleAfter: 1 } }, /^informed\.moving\.below: /],
    [{ rule: quiet, moving: {} }, /^informed\.moving\.staleAfter: /],
  ])('settings %j are refused with their path', (settings, message) => {
    const { scheduler } = virtualTime();
    const cluster = simulatedCluster({ ...loaded(uneven), scheduler });
    expect(() => informed(cluster, settings as never)).toThrow(message);
  });

  test('a rule without a sensible number is refused', () => {
    expect(() => atInterval(0)).toThrow(/^atInterval\.every: /);
    expect(() => onChange({ much: 0 })).toThrow(/^onChange\.much: /);
  });
});

describe('original CSLB: the scheduler sends thresholds, the node classifies itself (W11)', () => {
  const moving = { staleAfter: minutes(2) };
  const original = cslb({ moving: {}, classifiedBy: 'host', guards: { noSwap: true } });

  test('thresholds follow the average of the loads reported, and every node is sent them', () => {
    const { messages } = run(loaded(uneven), { rule: quiet, moving }, { policy: original, length: seconds(15) });
    const last = messages.flatMap(({ message }) => (message.kind === 'thresholds' ? [message] : [])).slice(-3);
    // The average of 90 %, 20 % and 40 % is 50 %.
    expect(last.map(({ to }) => to)).toEqual(['a', 'b', 'c']);
    for (const { bounds } of last) {
      expect(bounds.light).toBeCloseTo(0.4, 6);
      expect(bounds.heavy).toBeCloseTo(0.6, 6);
    }
  });

  test('thresholds that did not move are not sent again', () => {
    const { messages } = run(loaded(uneven), { rule: quiet, moving }, { policy: cslb(), length: minutes(10) });
    const sent = messages.filter(({ message }) => message.kind === 'thresholds');
    expect(sent.every(({ at }) => at <= seconds(10))).toBe(true);
    expect(sent.length).toBeGreaterThan(0);
  });

  test('a node reports the group that it puts itself into, and guests go from heavy to light', () => {
    const { events, moves } = run(loaded(uneven), { rule: quiet, moving }, { policy: original });
    const said = only(events, 'admitted')[0]?.because.map((reason) =>
      reason.kind === 'listed' ? [reason.subject, reason.value] : undefined,
    );
    expect(said?.slice(0, 2)).toEqual([
      [{ kind: 'host', id: 'a' }, 'heavy'],
      [{ kind: 'host', id: 'b' }, 'light'],
    ]);
    expect(moves.every((move) => move.includes('a→b') || move.includes('a→c'))).toBe(true);
  });

  test('without thresholds no node knows its group, and nothing is moved', () => {
    const { moves } = run(loaded(uneven), { rule: quiet }, { policy: original });
    expect(moves).toEqual([]);
  });

  test('it comes to rest on a static load', () => {
    const { events } = run(loaded(uneven), { rule: quiet, moving }, { policy: original, length: minutes(20) });
    expect(only(events, 'admitted').every(({ at }) => at < minutes(5))).toBe(true);
  });
});

describe('information, transfer and placement are values that go together in any way (W8)', () => {
  const rules = { interval: atInterval(seconds(10)), change: quiet };
  const transfers = { overloaded: whenOverloaded({ heavy: percent(60) }), uneven: whenUneven() };
  const placements = { lightest: toLightest, fewest: toFewest };

  test.each(
    Object.keys(rules).flatMap((rule) =>
      Object.keys(transfers).flatMap((transfer) => Object.keys(placements).map((to) => [rule, transfer, to])),
    ) as [keyof typeof rules, keyof typeof transfers, keyof typeof placements][],
  )('reports at %s, transfer when %s, placement to the %s', (rule, transfer, placement) => {
    const policy = dynamic({ transfer: transfers[transfer], placement: placements[placement] });
    const { events, moves } = run(loaded(uneven), { rule: rules[rule] }, { policy, length: minutes(20) });
    expect(moves[0]).toBe('a1 a→b');
    expect(only(events, 'admitted').every(({ at }) => at < minutes(5))).toBe(true);
  });
});
