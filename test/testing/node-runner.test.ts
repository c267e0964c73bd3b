/** The kit needs no test runner of its own: node's takes it as vitest does. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

test('under node --test, a lawful policy passes and a wrong one fails with its counter-example', async () => {
  const file = fileURLToPath(new URL('node-runner/kit.mts', import.meta.url));
  // What this runner tells its children of itself would make the other one silent.
  const env = { ...process.env, NODE_OPTIONS: undefined, NODE_TEST_CONTEXT: undefined };
  const { stdout } = await run(process.execPath, ['--import', 'tsx', '--test', '--test-reporter=tap', file], { env });
  expect(stdout).toMatch(/^# pass 3$/m);
  expect(stdout).toMatch(/^# fail 0$/m);
});
