/** hbal's objective: the moves that hbal itself makes on equal hosts, where it is installed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plannerRules, solve } from '../../../src/policies/index.js';
import { clusterOf, type GuestOf, stateOf } from './states.js';

/** hbal as a package of the system; tests that need it are left out where it is not there. */
const hasHbal = spawnSync('hbal', ['--version']).error === undefined;

/** What hbal is told of a cluster of equal hosts, as its text backend reads it. */
const told = (
  hosts: readonly (readonly GuestOf[])[],
  memory: number,
): { readonly data: string; readonly use: string } => {
  const nodes = hosts.map((guests, h) => {
    const taken = guests.reduce((sum, [, size]) => sum + size, 0);
    return [`host-${h}`, memory * 1024, 0, (memory - taken) * 1024, 3100, 3100, 10, h === 0 ? 'M' : 'N', 'u', 1].join(
      '|',
    );
  });
  const guests = hosts.flatMap((list, h) =>
    list.map(([, size], g) =>
      [`guest-${h}-${g}`, size * 1024, 0, 10, 'running', 'Y', `host-${h}`, '', 'ext', '', 1].join('|'),
    ),
  );
  const spec = '128,1,1024,1,1,1|128,1,0,1,1,1;1048576,100000,1048576,16,8,12|ext|1000000.0|32.0';
  const use = hosts.flatMap((list, h) => list.map(([load], g) => `guest-${h}-${g} ${load.toFixed(6)} 0 0 0`));
  return {
    data: ['g|u|preferred||', '', ...nodes, '', ...guests, '', '', `|${spec}`, `g|${spec}`, ''].join('\n'),
    use: `${use.join('\n')}\n`,
  };
};

const byHbal = (hosts: readonly (readonly GuestOf[])[], memory: number): readonly string[] => {
  const directory = mkdtempSync(join(tmpdir(), 'hbal-'));
  try {
    const { data, use } = told(hosts, memory);
    writeFileSync(join(directory, 'data'), data);
    writeFileSync(join(directory, 'use'), use);
    const { stdout } = spawnSync(
      'hbal',
      ['-t', join(directory, 'data'), '-U', join(directory, 'use'), '--no-disk-moves'],
      { encoding: 'utf8' },
    );
    return stdout.split('\n').flatMap((line) => {
      const found = /^\s*\d+\.\s+(\S+)\s+(\S+)\s+=>\s+(\S+)\s+/.exec(line);
      return found ? [`${found[1]} ${found[3]}`] : [];
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
};

const byUs = (hosts: readonly (readonly GuestOf[])[], memory: number): readonly string[] => {
  const state = stateOf(clusterOf(hosts, memory));
  return solve(state, plannerRules({ goal: { hbal: {} } })).steps.map(
    ({ guest, to }) => `${String(state.guests[guest]?.id)} ${String(state.hosts[to]?.id)}`,
  );
};

describe("hbal's objective", () => {
  const hosts = [
    [
      [0.31, 12],
      [0.24, 9],
      [0.17, 7],
      [0.11, 5],
    ],
    [
      [0.07, 3],
      [0.05, 2],
    ],
    [
      [0.13, 20],
      [0.02, 1],
    ],
  ] as const;

  test('gives the moves that hbal 3.0.2 gave', () => {
    expect(byUs(hosts, 64)).toEqual(['guest-0-0 host-1', 'guest-0-2 host-2', 'guest-1-1 host-0']);
  });

  test.skipIf(!hasHbal)('gives those moves still by the hbal that is installed', () => {
    expect(byUs(hosts, 64)).toEqual(byHbal(hosts, 64));
  });

  test.skipIf(!hasHbal)('gives the moves of the hbal that is installed, empty hosts among them', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(
            fc.tuple(
              fc.integer({ min: 1, max: 300_000 }).map((n) => n / 1e6),
              fc.integer({ min: 1, max: 9 }),
            ),
            { maxLength: 5 },
          ),
          { minLength: 3, maxLength: 9 },
        ),
        (some) => {
          fc.pre(some.flat().length > 0);
          expect(byUs(some, 64)).toEqual(byHbal(some, 64));
        },
      ),
      { numRuns: 20 },
    );
  });
});
