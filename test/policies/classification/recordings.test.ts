/** The classifiers on real, labelled recordings, and the command that evaluates them. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { evaluateClassifier } from '../../../scripts/evaluate/classifier.js';

const fixtures = fileURLToPath(new URL('../../fixtures/linux', import.meta.url));

const evaluated = (directory: string, json: boolean): { readonly lines: string[]; readonly complaints: string[] } => {
  const lines: string[] = [];
  const complaints: string[] = [];
  evaluateClassifier(
    directory,
    { json },
    (line) => lines.push(line),
    (line) => complaints.push(line),
  );
  return { lines, complaints };
};

describe('M20: cut from recordings of real programs', () => {
  const { lines } = evaluated(fixtures, true);

  test.each([
    ['cpu-1', 'cpu'],
    ['io-1', 'io'],
    ['cpu-contended', 'cpu'],
    ['io-contended', 'io'],
    ['idle-contended', 'idle'],
    ['mixed-build', 'mixed'],
  ])('%s is %s, the host free or contended', (recording, label) => {
    const found = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => line['recording'] === recording);
    expect(found).toEqual([{ recording, from_s: 0, class: label, confidence: expect.any(Number) as number }]);
    expect(found[0]?.['confidence']).toBeGreaterThan(0.5);
  });

  test('the table sets the thesis rule beside it, which misses the contended ones', () => {
    const { lines: table } = evaluated(fixtures, false);
    expect(table.find((line) => line.startsWith('io-contended'))).toMatch(/contended +io +\d\.\d\d +idle ✗$/);
    expect(table).toContain('  demand rule, its defaults                  3 of 3 (100 %)');
  });
});

describe('the command', () => {
  const directory = mkdtempSync(join(tmpdir(), 'whither-test-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('a directory that is not there, or holds no recordings, is an error that names it', () => {
    expect(() => evaluated(join(directory, 'nowhere'), true)).toThrow('nowhere');
    expect(() => evaluated(directory, true)).toThrow(directory);
  });
  test('a line that is none and a file of another kind are told, and the rest is judged', () => {
    cpSync(join(fixtures, 'cpu-1.jsonl'), join(directory, 'cpu-1.jsonl'));
    writeFileSync(join(directory, 'cpu-1.jsonl'), '\n{"t": 5}\nnot json\n', { flag: 'a' });
    writeFileSync(join(directory, 'other.jsonl'), '{"version":1}\n');
    const { lines, complaints } = evaluated(directory, true);
    expect(lines).toHaveLength(1);
    expect(complaints).toHaveLength(3);
    expect(complaints.at(-1)).toContain('other.jsonl');
  });
});
