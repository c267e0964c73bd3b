import { expect, test } from 'vitest';
import { type Guest, type Host, mebibytes } from '../../src/model/index.js';
import { DriverError } from '../../src/drivers/index.js';
import { guest, host, move, order, small } from './small.js';

const refusal = (a: Partial<Host>, b: Partial<Host>, g: Partial<Guest>, of = order('g', 'a', 'b')) => {
  const moved = move(small({ hosts: [host('a', a), host('b', b)], guests: [guest('g', 'a', g)] }), of);
  expect(DriverError.is(moved.error())).toBe(true);
  return moved.error()?.kind;
};

test('an unknown guest or host is not found', () => {
  expect(refusal({}, {}, {}, order('x', 'a', 'b'))).toBe('not found');
  expect(refusal({}, {}, {}, order('g', 'x', 'b'))).toBe('not found');
  expect(refusal({}, {}, {}, order('g', 'a', 'x'))).toBe('not found');
});

test('a guest that stands elsewhere, or there already, is a conflict', () => {
  expect(refusal({}, {}, {}, order('g', 'b', 'a'))).toBe('conflict');
  expect(refusal({}, {}, {}, order('g', 'a', 'a'))).toBe('conflict');
});

test('a guest that is on its way, and a name that is taken, are conflicts', () => {
  const world = small({ hosts: [host('a'), host('b')], guests: [guest('g', 'a'), guest('h', 'a')] });
  move(world, order('g', 'a', 'b', 'm'));
  expect(move(world, order('g', 'a', 'b', 'n')).error()?.kind).toBe('conflict');
  expect(move(world, order('h', 'a', 'b', 'm')).error()?.kind).toBe('conflict');
});

test('a host without room is refused, with both numbers', () => {
  const moved = move(
    small({
      hosts: [host('a'), host('b', { memory: { total: mebibytes(1200), reserved: mebibytes(300) } })],
      guests: [guest('g', 'a')],
    }),
    order('g', 'a', 'b'),
  );
  expect(moved.error()).toMatchObject({ kind: 'insufficient memory' });
  expect(moved.error()?.message).toContain(String(mebibytes(900)));
  expect(moved.error()?.message).toContain(String(mebibytes(1000)));
});

test('a host that is off does not answer', () => {
  expect(refusal({}, { state: 'off' }, {})).toBe('unreachable');
});

test('hosts without a migration network between them do not reach each other', () => {
  expect(refusal({}, { networks: [] }, {})).toBe('unreachable');
});

test('what the destination cannot run is unsupported', () => {
  expect(refusal({}, { cpu: { clock: 1e9, cores: 2, threads: 2, architecture: 'aarch64' } }, {})).toBe('unsupported');
  expect(refusal({}, {}, { cpuModel: 'Skylake' })).toBe('unsupported');
  expect(refusal({ devices: ['gpu'] }, {}, { devices: ['gpu'] })).toBe('unsupported');
  expect(refusal({}, {}, { migratable: false })).toBe('unsupported');
});

test('M30: a destination that does not reach the image is refused as unsafe', () => {
  const storage = [{ id: 'disk', access: 'nfs' as const }];
  expect(refusal({ storage }, {}, { image: { storage: 'disk' } })).toBe('refused as unsafe');
});
