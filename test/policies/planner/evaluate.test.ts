/** Evaluating plans: states from seeds, flags, and the judge that makes a plan again. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { judged, type JudgedMove } from '../../../scripts/evaluate/judgement.js';
import { madeState, shapes, stateText } from '../../../scripts/evaluate/made-state.js';
import { evaluatePlan } from '../../../scripts/evaluate/plan.js';
import { type ClusterState, readClusterState } from '../../../scripts/evaluate/plan-state.js';
import { evaluateScore } from '../../../scripts/evaluate/score.js';
import { makeStates } from '../../../scripts/evaluate/states.js';

const directory = mkdtempSync(join(tmpdir(), 'evaluate-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});
const file = (name: string, content: unknown): string => {
  const path = join(directory, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
type Command = (words: readonly string[], say: (line: string) => void, complain: (line: string) => void) => number;
const run = (
  command: Command,
  words: readonly string[],
): { readonly code: number; readonly said: readonly string[]; readonly complained: readonly string[] } => {
  const [said, complained]: [string[], string[]] = [[], []];
  const code = command(
    words,
    (line) => said.push(line),
    (line) => complained.push(line),
  );
  return { code, said, complained };
};

const host = (id: string): ClusterState['hosts'][number] => ({
  id,
  cores: 10,
  mhz: 1000,
  cpuCapacity: 10_000,
  memMiB: 68 * 1024,
  memReservedMiB: 4 * 1024,
  linkMbps: 10_000,
});
const vm = (id: string, on: string, cpuUse: number, memory: number): ClusterState['vms'][number] => ({
  id,
  host: on,
  vcpus: 8,
  cpuUse,
  memMiB: memory * 1024,
  dirtyMiBs: 1,
});
const two: ClusterState = {
  format: 'cluster-state/1',
  hosts: [host('a'), host('b')],
  vms: [vm('x', 'a', 5000, 32), vm('y', 'a', 4000, 16), vm('z', 'b', 1000, 40)],
};

describe('states from seeds', () => {
  test.each(shapes)('of shape %s are within memory and processors, as many as asked for', (shape) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 90 }),
        fc.integer(),
        (hosts, guests, seed) => {
          const state = madeState({ shape, hosts, guests, seed });
          expect([state.hosts.length, state.vms.length]).toEqual([hosts, guests]);
          const { before } = judged(state, [], 0.99);
          expect(before.cpu.largest).toBeLessThanOrEqual(0.99);
          expect(before.memory.largest).toBeLessThanOrEqual(1);
          expect(readClusterState(file('made.json', stateText(state))).vms).toEqual(state.vms);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('are the same for the same seed, and others for another', () => {
    const of = (seed: number): string => stateText(madeState({ shape: 'random', hosts: 3, guests: 20, seed }));
    expect(of(1)).toBe(of(1));
    expect(of(1)).not.toBe(of(2));
  });

  test('have what their shape is named for', () => {
    const of = (shape: (typeof shapes)[number]): ClusterState => madeState({ shape, hosts: 20, guests: 200, seed: 4 });
    expect(judged(of('hot'), [], 0.8).before.hostsOverMark).toBe(4);
    expect(new Set(of('hetero').hosts.map(({ cores }) => cores))).toEqual(new Set([16, 32, 64]));
    const { memory } = judged(of('tightmem'), [], 0.8).before;
    expect(memory.largest).toBeGreaterThan(0.93);
    expect(memory.meanDeviation).toBeLessThan(0.03);
    const loads = of('skewed')
      .vms.map(({ cpuUse }) => cpuUse)
      .sort((p, q) => q - p);
    const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);
    expect(sum(loads.slice(0, 20))).toBeGreaterThan(0.35 * sum(loads));
  });

  test('are written to a file or to the standard output', () => {
    const words = ['--shape', 'random', '--hosts', '2', '--guests', '3', '--seed', '1'];
    const out = join(directory, 'out.json');
    expect(run(makeStates, [...words, '--out', out])).toEqual({ code: 0, said: [], complained: [] });
    expect(run(makeStates, words).said).toEqual([readFileSync(out, 'utf8')]);
  });
});

describe('flags', () => {
  const state = file('two.json', two);

  test.each([
    [['--by', 'width'], /^--by "width" is refused: /],
    [['--within', '1.5'], /^--within "1.5" is refused: /],
    [['--within', 'near'], /^--within "near" is refused: must be a number$/],
    [['--per-link', '0'], /^--per-link "0" is refused: /],
    [['--per-host', '1.5'], /^--per-host "1.5" is refused: /],
    [['--reluctance', 'vcpus *'], /^--reluctance "vcpus \*" is refused: /],
    [['--reluctance', 'height'], /nothing is called height/],
    [['--budget'], /^--budget: a value is missing$/],
    [['--budget', '--json'], /^--budget: a value is missing$/],
    [['--colour', 'red'], /^--colour: there is no such flag$/],
  ])('%j is told by flag and value, with exit code 2', (words, line) => {
    const { code, said, complained } = run(evaluatePlan, [state, ...words]);
    expect(code).toBe(2);
    expect(said).toEqual([]);
    expect(complained[0]).toMatch(line);
    expect(complained.at(-1)).toContain('usage: npm run evaluate');
  });

  test('that are missing are named', () => {
    expect(run(makeStates, ['--shape', 'hot']).complained.slice(0, 3)).toEqual([
      '--hosts: is needed',
      '--guests: is needed',
      '--seed: is needed',
    ]);
    expect(run(evaluatePlan, []).complained[0]).toBe('a file is needed');
    expect(run(evaluateScore, [state]).complained[0]).toBe('a state and at least one plan are needed');
  });

  const planned = (path: string, ...words: readonly string[]): readonly JudgedMove[] => {
    const { said, code } = run(evaluatePlan, [path, '--json', '--runs', '1', ...words]);
    expect(code).toBe(0);
    return (JSON.parse(said[0] ?? '{}') as { readonly moves: readonly JudgedMove[] }).moves;
  };

  test('of reluctance weigh guests by an expression, those without a priority as one', () => {
    const busy = file('busy.json', {
      ...two,
      vms: [
        { ...vm('x', 'a', 5000, 8), priority: 9 },
        vm('y', 'a', 2000, 8),
        vm('w', 'a', 2000, 8),
        vm('z', 'b', 1000, 8),
      ],
    });
    const names = (...words: readonly string[]): readonly string[] => planned(busy, ...words).map((move) => move.vm);
    const relief = ['--goal', 'relieve', '--mark', '0.6'] as const;
    expect(names(...relief)).toEqual(['x']);
    expect(names(...relief, '--reluctance', 'priority')).toEqual(['w', 'y']);
    expect(names(...relief, '--reluctance', '1 / (vcpus - 8)')).toEqual([]);
  });

  test('of waves, nearness and kinds of spread reach the planner', () => {
    const five = file('five.json', {
      ...two,
      hosts: ['a', 'b', 'c', 'd', 'e'].map(host),
      vms: [vm('x', 'a', 4000, 8), vm('y', 'a', 3000, 8), vm('z', 'a', 2000, 8)],
    });
    const waves = (...words: readonly string[]): number =>
      Math.max(...planned(five, ...words).map(({ wave = 0 }) => wave));
    expect([waves(), waves('--per-host', '2')]).toEqual([2, 1]);
    expect([waves('--per-host', '2'), waves('--per-host', '2', '--per-link', '1')]).toEqual([1, 2]);
    expect(planned(five, '--within', '1')).toEqual([]);
    expect(planned(five, '--by', 'largest-host', '--budget', '1')).toHaveLength(1);
  });
});

describe('files', () => {
  const good = file('good-state.json', two);

  test.each([
    ['no JSON', 'no', /^.*broken.json: is not JSON: /],
    ['no state', [], /^.*broken.json: \[\]: Invalid input: expected object/],
    ['a number that is text', { ...two, vms: [{ ...two.vms[0], memMiB: '4096' }] }, /vms\[0\]\.memMiB: "4096": /],
    ['a use below zero', { ...two, vms: [{ ...two.vms[0], cpuUse: -5 }] }, /vms\[0\]\.cpuUse: -5: /],
    [
      'nothing where a number was',
      '{"format":"cluster-state/1","hosts":[{"id":"a"}],"vms":[]}',
      /hosts\[0\]\.cores: is missing/,
    ],
    [
      'a guest twice',
      { ...two, vms: [...two.vms, vm('y', 'b', 1, 1)] },
      /vms\[3\]\.id: y is the name of vms\[1\] already$/,
    ],
    [
      'a host twice',
      { ...two, hosts: [host('a'), host('b'), host('a')] },
      /hosts\[2\]\.id: a is the name of hosts\[0\] already$/,
    ],
    [
      'a host that is not listed',
      { ...two, vms: [vm('y', 'q', 1, 1)] },
      /vms\[0\]\.host: y stands on q, which is not listed$/,
    ],
  ])('with %s are told by place and value, and do not take the others along', (_, content, line) => {
    const { code, said, complained } = run(evaluatePlan, [file('broken.json', content), good, '--runs', '1', '--json']);
    expect(code).toBe(1);
    expect(complained).toEqual([expect.stringMatching(line)]);
    expect(complained[0]).toContain('broken.json');
    expect(said.map((row) => (JSON.parse(row) as { readonly file: string }).file)).toEqual([good]);
  });

  const rowOf = (content: unknown): Readonly<Record<string, unknown>> =>
    JSON.parse(run(evaluatePlan, [file('state.json', content), '--runs', '1', '--json']).said[0] ?? '{}') as Readonly<
      Record<string, unknown>
    >;

  test('with a use that no host has leave its host out, with the reason', () => {
    const impossible = { ...two, vms: [{ ...vm('x', 'a', 5000, 32), cpuUse: 1e300 }, vm('z', 'b', 1000, 8)] };
    expect(rowOf(impossible)).toMatchObject({ moves: [], left_out: [{ host: 'a', because: ['x cpu not measured'] }] });
    expect(rowOf(two)).not.toHaveProperty('left_out');
  });

  test('in another order, or with a mark of their byte order, are planned alike', () => {
    const state = madeState({ shape: 'hot', hosts: 6, guests: 40, seed: 3 });
    const reversed = { ...state, hosts: [...state.hosts].reverse(), vms: [...state.vms].reverse() };
    const { moves } = rowOf(state);
    expect(moves).not.toEqual([]);
    expect(rowOf(reversed)['moves']).toEqual(moves);
    expect(rowOf(`\u{FEFF}${stateText(state)}`)['moves']).toEqual(moves);
  });
});

describe('the judge', () => {
  test('makes moves one after the other where they have no waves', () => {
    const { moves, waves, mebibytes, invalid, overcommitted, mostAtOnce, before, after } = judged(
      two,
      [
        { vm: 'z', from: 'b', to: 'a' },
        { vm: 'x', from: 'a', to: 'b' },
      ],
      0.8,
    );
    expect({ moves, waves, mebibytes, invalid, mostAtOnce }).toEqual({
      moves: 2,
      waves: 2,
      mebibytes: 72 * 1024,
      invalid: 0,
      mostAtOnce: 1,
    });
    // 48 + 40 GiB on the first host.
    expect(overcommitted).toBe(1);
    expect(before.cpu).toEqual({ meanDeviation: 0.4, standardDeviation: 0.4, largest: 0.9 });
    expect(after.cpu.largest).toBe(0.5);
    expect(after.memory.largest).toBe(56 / 64);
    expect([before.hostsOverMark, after.hostsOverMark]).toEqual([1, 0]);
  });

  test('holds memory at both ends until a wave is over', () => {
    const swap = (wave: number): readonly JudgedMove[] => [
      { vm: 'y', from: 'a', to: 'b', wave: 1 },
      { vm: 'z', from: 'b', to: 'a', wave },
    ];
    const small: ClusterState = {
      ...two,
      vms: [vm('x', 'a', 5000, 24), vm('y', 'a', 4000, 16), vm('z', 'b', 1000, 40)],
    };
    expect(judged(small, swap(2), 0.8).overcommitted).toBe(0);
    expect(judged(small, swap(1), 0.8).overcommitted).toBe(1);
    expect(judged(small, swap(1), 0.8).mostAtOnce).toBe(2);
  });

  test('leaves out moves that are not valid, and counts them', () => {
    const { invalid, moves, after } = judged(
      two,
      [
        { vm: 'q', from: 'a', to: 'b', wave: 1 },
        { vm: 'x', from: 'b', to: 'a', wave: 1 },
        { vm: 'x', from: 'a', to: 'a', wave: 1 },
        { vm: 'x', from: 'a', to: 'c', wave: 1 },
        { vm: 'y', from: 'a', to: 'b', wave: 1 },
        { vm: 'y', from: 'a', to: 'b', wave: 1 },
      ],
      0.8,
    );
    expect([invalid, moves]).toEqual([5, 1]);
    expect(after.emptyHosts).toBe(0);
  });

  test('tells plans that hold from those that do not by its exit code, and what is wrong with files', () => {
    const state = file('state.json', two);
    const good = file('good.json', { moves: [{ vm: 'y', from: 'a', to: 'b', wave: 1 }] });
    const bad = file('bad.json', [{ vm: 'z', from: 'b', to: 'a' }]);
    expect(run(evaluateScore, [state, good]).code).toBe(0);
    expect(run(evaluateScore, [state, good, bad]).code).toBe(1);
    expect(run(evaluateScore, [state, good]).said[0]).toContain(
      '1 moves in 1 waves, 16.0 GiB, at most 1 at once on a host; 0 invalid, 0 over-committed',
    );
    expect(run(evaluateScore, [state, good]).said[0]).toContain('mean deviation 40.00 % → 0.00 %');
    const line = run(evaluateScore, [state, good, '--json']).said[0] ?? '';
    expect(JSON.parse(line)).toMatchObject({ moves: 1, invalid: 0, overcommitted: 0 });
    const lines = file('lines.json', `${readFileSync(good, 'utf8')}\n${readFileSync(good, 'utf8')}\n`);
    expect(run(evaluateScore, [state, lines]).said).toHaveLength(2);
    expect(() => run(evaluateScore, [state, file('no.json', 'no')])).toThrow('no.json: is not JSON');
    expect(() => run(evaluateScore, [state, file('none.json', { steps: [] })])).toThrow(
      'none.json: holds no list of moves {vm, from, to, wave}',
    );
    expect(run(evaluateScore, [state, good, '--mark', '2']).code).toBe(2);
  });
});
