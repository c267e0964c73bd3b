import { expect, test } from 'vitest';
import { mebibytes } from '../../src/model/index.js';
import { simulatedCluster } from '../../src/simulation/index.js';
import { guest, host } from './small.js';

const complaint = (options: object): string => {
  try {
    // Wrong options on purpose: spread in, so that the compiler does not see them.
    simulatedCluster({ hosts: [host('a')], guests: [guest('g', 'a')], ...options });
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
  return 'none';
};

test('wrong options are refused at construction, naming the path of the value', () => {
  expect(complaint({ migration: { ceiling: -1 } })).toContain('simulation.migration.ceiling');
  expect(complaint({ migration: { stopRule: { kind: 'rounds', rounds: 0, pages: 1 } } })).toContain(
    'simulation.migration.stopRule.rounds',
  );
  expect(complaint({ sampling: { every: '10 s' } })).toContain('simulation.sampling.every');
  expect(complaint({ hosts: [host('a', { memory: { total: NaN, reserved: 0 } })] })).toContain(
    'simulation.hosts[0].memory.total',
  );
  expect(complaint({ workloads: { g: { demand: { values: [0.5, NaN] } } } })).toContain(
    'simulation.workloads.g.demand.values[1]',
  );
  expect(complaint({ faults: { rates: { loss: 2 } } })).toContain('simulation.faults.rates.loss');
  expect(complaint({ scheduler: {} })).toContain('simulation.scheduler');
});

test('unknown keys are refused by their own path', () => {
  expect(complaint({ migration: { celling: 1 } })).toBe('simulation.migration.celling: is not a setting');
  expect(complaint({ sed: 1 })).toBe('simulation.sed: is not a setting');
});

test('a workload or fault for nobody is refused', () => {
  expect(complaint({ workloads: { x: {} } })).toContain('simulation.workloads.x');
  expect(complaint({ faults: { scheduled: [{ kind: 'crash', host: 'x', at: 0 }] } })).toContain(
    'simulation.faults.scheduled[0].host',
  );
});

test('a guest on no host, and two of one name, are refused', () => {
  expect(complaint({ guests: [guest('g', 'x')] })).toContain('simulation.guests[0].host');
  expect(complaint({ guests: [guest('g', 'a'), guest('g', 'a')] })).toContain('simulation.guests[1].id');
});

test('guests that do not fit into the memory of their host are refused', () => {
  expect(complaint({ guests: [guest('g', 'a', { memory: mebibytes(9000) })] })).toContain(
    'simulation.guests[0].memory',
  );
});

test('options that are right are taken', () => {
  expect(complaint({})).toBe('none');
});
