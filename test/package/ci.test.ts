/** `.ci/run` with an npm that only pretends: whatever happens, it closes with one honest line and the exit code that fits. */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Ended, run } from '../../scripts/check/command.js';

const readme = 'Run:\n\nnpm ci --ignore-scripts && npm test\n';
let folder = '';
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `.ci/run` where `npm ci`, `npm install` and `npm test` are shell code. */
const ci = async (
  npm: { readonly ci: string; readonly install?: string; readonly test: string },
  page = readme,
  apt = 'exit 0',
): Promise<Ended> => {
  folder = mkdtempSync(join(tmpdir(), 'whither-ci-'));
  for (const name of ['.ci', 'bin', 'tmp']) mkdirSync(join(folder, name));
  cpSync(join(import.meta.dirname, '../../.ci/run'), join(folder, '.ci/run'));
  writeFileSync(join(folder, 'README.md'), page);
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  const cases = Object.entries(npm).map(([command, code]) => `${command}) ${code} ;;`);
  writeFileSync(join(folder, 'bin/npm'), `#!/bin/sh\ncase "$1" in\n${cases.join('\n')}\n*) exit 9 ;;\nesac\n`);
  // Nothing is installed on this machine by a test.
  writeFileSync(join(folder, 'bin/apt-get'), `#!/bin/sh\n${apt}\n`);
  writeFileSync(join(folder, 'bin/dpkg-query'), '#!/bin/sh\nexit 1\n');
  for (const name of ['npm', 'apt-get', 'dpkg-query']) chmodSync(join(folder, 'bin', name), 0o755);
  return run('bash', [join(folder, '.ci/run')], {
    env: { PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`, TMPDIR: join(folder, 'tmp') },
  });
};

const lastLine = ({ printed }: Ended): string | undefined => printed.trimEnd().split('\n').at(-1);

test('it passes on what the tests say, and their exit code', async () => {
  const good = await ci({ ci: 'true', test: 'echo "5 passed, 0 failed"' });
  expect([good.code, lastLine(good)]).toEqual([0, '5 passed, 0 failed']);
});

test('a failure is one', async () => {
  const bad = await ci({ ci: 'true', test: 'echo "4 passed, 1 failed"; exit 1' });
  expect([bad.code, lastLine(bad)]).toEqual([1, '4 passed, 1 failed']);
});

test('tests that end before their closing line have failed, even with exit code 0', async () => {
  const cut = await ci({ ci: 'true', test: 'echo half; exit 0' });
  expect([cut.code, lastLine(cut)]).toEqual([1, '0 passed, 1 failed']);
});

test('where npm ci refuses the lock, an installation that leaves the lock as it is will do', async () => {
  const other = await ci({ ci: 'exit 1', install: 'true', test: 'echo "5 passed, 0 failed"' });
  expect([other.code, lastLine(other)]).toEqual([0, '5 passed, 0 failed']);
});

test('an installation that changes the lock will not', async () => {
  const changed = await ci({
    ci: 'exit 1',
    install: 'echo changed > package-lock.json',
    test: 'echo "5 passed, 0 failed"',
  });
  expect([changed.code, lastLine(changed)]).toEqual([1, '0 passed, 1 failed']);
});

test('the command is the one of the README', async () => {
  const none = await ci({ ci: 'true', test: 'echo "5 passed, 0 failed"' }, 'Run: npm test\n');
  expect([none.code, lastLine(none)]).toEqual([1, '0 passed, 1 failed']);
});

test('tools that cannot be installed are no failure of their own', async () => {
  const bare = await ci({ ci: 'true', test: 'echo "5 passed, 0 failed"' }, readme, 'exit 100');
  expect([bare.code, lastLine(bare)]).toEqual([0, '5 passed, 0 failed']);
});

test('nothing is left in the temporary folder', async () => {
  await ci({ ci: 'touch "$TMPDIR/litter"', test: 'echo "5 passed, 0 failed"' });
  expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
});
