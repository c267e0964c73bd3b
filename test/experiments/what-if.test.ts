/** Other policies over a recorded past. */
import { describe, expect, test } from 'vitest';
import { pastOf, pastReader, recordedEngine, type WhatIf, whatIf, whatIfReport } from '../../src/experiments/index.js';
import type { RecordingEntry } from '../../src/metrics/index.js';
import { type BadInput, mebibytes, mebibytesPerSecond, minutes, percent, seconds } from '../../src/model/index.js';
import { cslb, type Policy, stay } from '../../src/policies/index.js';
import { clusterOf, simulatedCluster, traceDemand, virtualTime } from '../../src/simulation/index.js';

const writes = { rate: mebibytesPerSecond(5), workingSet: mebibytes(64), pattern: 'random' } as const;
const balance = cslb({ light: percent(50), heavy: percent(80), guards: { noSwap: true } });

/** Half an hour in which everything on the first host is busy, recorded under a policy. */
const recorded = (policy: Policy, start = 0): readonly RecordingEntry[] => {
  const time = virtualTime(start);
  const { hosts, guests } = clusterOf({ hosts: 4, guests: 32, seed: 3 });
  const workloads = Object.fromEntries(
    guests.map(({ id, host }) => [id, { demand: traceDemand([host === 'host-1' ? 0.9 : 0.1], { writes }) }]),
  );
  const entries: RecordingEntry[] = [];
  const small = hosts.map((host) => ({ ...host, cpu: { ...host.cpu, cores: 6, threads: 6 } }));
  const driver = simulatedCluster({ hosts: small, guests, workloads, scheduler: time.scheduler });
  const options = { driver, policy, every: seconds(10), scheduler: time.scheduler };
  const running = recordedEngine(options, (entry) => entries.push(entry)).subscribe();
  time.run(start + minutes(30));
  running.unsubscribe();
  return entries;
};

const given = (answer: ReturnType<typeof whatIf>): WhatIf => {
  if (!answer.ok) throw new Error(answer.error.why);
  return answer.value;
};
const idle = recorded(stay());

describe('what if another policy had been in force', () => {
  test('tells of each arm its moves, overloads, bytes and what it paid', () => {
    const { arms } = given(whatIf(idle, { balance }));
    const [base, asItWas, balanced] = arms;
    expect(arms.map(({ name }) => name)).toEqual(['never migrate', 'as recorded', 'balance']);
    expect(base).toMatchObject({ moves: [], bytes: 0, gain: { overloaded: 0, served: 0 } });
    expect(asItWas?.overloaded).toBe(base?.overloaded);
    expect(base?.overloaded).toBeGreaterThan(minutes(20));
    expect(balanced?.moves.some(({ done }) => done)).toBe(true);
    expect(balanced?.bytes).toBeGreaterThan(0);
    // What was kept waiting is steal, so the past tells what was wanted, and what a move would have served.
    expect(base?.unserved).toBeGreaterThan(0.5);
    expect(balanced?.unserved).toBeLessThan((base?.unserved ?? 0) - 0.05);
    expect(balanced?.gain.served).toBeGreaterThan(0.1);
    expect(balanced?.unevenness).toBeLessThan(base?.unevenness ?? 0);
  });

  test('the moves that were made are made again, at their times', () => {
    const entries = recorded(balance);
    const past = pastOf(entries);
    if ('why' in past) throw new Error(past.why);
    expect(past.moves.length).toBeGreaterThan(0);
    const [, asItWas] = given(whatIf(entries, {})).arms;
    expect(asItWas?.moves.map(({ guest, from, to }) => [guest, from, to])).toEqual(
      past.moves.map(({ guest, from, to }) => [guest, from, to]),
    );
    asItWas?.moves.forEach(({ startedAt }, i) => {
      expect(startedAt - (past.moves[i]?.at ?? 0)).toBeGreaterThanOrEqual(0);
      expect(startedAt - (past.moves[i]?.at ?? 0)).toBeLessThanOrEqual(seconds(20));
    });
  });

  test('the past has the demand that was recorded', () => {
    const past = pastOf(idle);
    if ('why' in past) throw new Error(past.why);
    const quiet = past.guests.find(({ host }) => host !== 'host-1');
    const demand = past.workloads[quiet?.id ?? '']?.demand;
    for (const value of demand?.values ?? []) expect(value ?? 0.1).toBeCloseTo(0.1, 5);
    // Written pages are told in proportion to the use.
    expect(demand?.writes?.rate).toBeGreaterThan(mebibytesPerSecond(2));
  });

  test('equal questions have equal answers, whenever the past was', () => {
    const answer = given(whatIf(idle, { balance }));
    expect(given(whatIf(idle, { balance }))).toEqual(answer);
    const later = given(whatIf(recorded(stay(), minutes(1_000_000)), { balance }));
    expect(later.arms.map(({ moves }) => moves.length)).toEqual(answer.arms.map(({ moves }) => moves.length));
  });

  test('what was not measured is told as assumed, and costs no sense', () => {
    const deaf = idle.map((entry): RecordingEntry => {
      if (entry.kind !== 'sample') return entry;
      const sample = Object.fromEntries(Object.entries(entry.sample).filter(([field]) => field !== 'dirty'));
      return { ...entry, sample: sample as unknown as typeof entry.sample };
    });
    const { assumed, arms } = given(whatIf(deaf, { balance }));
    expect(assumed).toEqual(['32 of 32 guests have no dirty rate above zero, so what their moves cost is not known']);
    expect(JSON.stringify(arms)).not.toContain('null');
  });

  const samples = idle.filter(({ kind }) => kind === 'sample');
  const others = idle.filter(({ kind }) => kind !== 'sample');
  test.each<[string, () => readonly RecordingEntry[]]>([
    ['in another order', () => [...samples].reverse().concat(others)],
    ['doubled', () => idle.flatMap((entry) => [entry, entry])],
    ['doubled and in another order', () => [...idle, ...[...idle].reverse()]],
  ])('a recording that is %s tells the same past', (_, entries) => {
    expect(pastOf(entries())).toEqual(pastOf(idle));
  });

  test('equal pasts have equal answers', () => {
    expect(whatIf([...idle, ...[...idle].reverse()], { balance })).toEqual(whatIf(idle, { balance }));
  });

  test('the moves of a recording in another order are made at their times', () => {
    const entries = recorded(balance);
    expect(pastOf([...entries].reverse().flatMap((entry) => [entry, entry]))).toEqual(pastOf(entries));
  });

  test('samples that contradict each other are left out but for one, whichever comes first, and told', () => {
    const wrong = samples
      .slice(100, 200)
      .flatMap((entry): readonly RecordingEntry[] =>
        entry.kind === 'sample' && entry.sample.kind === 'guest'
          ? [{ ...entry, sample: { ...entry.sample, cpu: { used: 2 } } }]
          : [],
      );
    const [after, before] = [pastOf([...idle, ...wrong]), pastOf([...wrong, ...idle])];
    expect(after).toEqual(before);
    expect(after).toMatchObject({
      assumed: [
        `${wrong.length} samples say something else than another one of the same guest and time, and are left out`,
      ],
    });
    expect({ ...after, assumed: [] }).toEqual(pastOf(idle));
  });

  test('lines that could not be read are told', () => {
    const bad: BadInput = {
      kind: 'bad-input',
      source: 'day',
      place: 'line 7',
      problem: 'malformed',
      message: 'cut off',
      value: '{',
    };
    const { assumed } = given(whatIf([...idle, bad], {}));
    expect(assumed).toEqual(['1 lines of the recording could not be read, and are left out']);
  });

  test('guests that come and go are told', () => {
    const [begin] = others;
    if (begin?.kind !== 'inventory') throw new Error('a recording begins with its inventory');
    const [gone, ...rest] = begin.inventory.guests;
    if (gone === undefined) throw new Error('without guests');
    const end = {
      ...begin,
      at: minutes(30),
      inventory: { ...begin.inventory, guests: [...rest, { ...gone, id: 'new' }] },
    };
    expect(pastOf([...idle, end])).toMatchObject({
      assumed: [
        '1 guests came later and are left out',
        '1 guests were gone at the end, and are taken to go on as they were seen last',
      ],
    });
    expect(pastOf([end, ...idle])).toEqual(pastOf([...idle, end]));
  });

  test('a past may be read entry by entry', () => {
    const { read, past } = pastReader();
    expect(past()).toEqual({ why: 'it holds no inventory' });
    idle.forEach(read);
    expect(whatIf(past(), {})).toEqual(whatIf(idle, {}));
  });

  test.each([
    ['an empty recording', [], 'it holds no inventory'],
    ['one without samples', idle.filter(({ kind }) => kind === 'inventory'), 'its samples span no time'],
  ])('%s has no past', (_, entries, why) => {
    expect(whatIf(entries, { balance })).toEqual({ ok: false, error: { why } });
  });

  test('the report has a column for each arm', () => {
    const page = whatIfReport(given(whatIf(idle, { 'a|b': balance })));
    expect(page).toContain(String.raw`| | never migrate | as recorded | a\|b |`);
    expect(page).toContain('## Assumed');
  });
});
