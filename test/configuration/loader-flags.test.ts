/** Flags that another process is begun with, so that it reads modules as this one does. */
import { expect, test } from 'vitest';
import { loaderFlags } from '../../src/configuration/loading/loader-flags.js';

test.each<[readonly string[], readonly string[]]>([
  [[], []],
  [
    ['--require', '/x/preflight.cjs', '--import', 'file:///x/loader.mjs'],
    ['--require', '/x/preflight.cjs', '--import', 'file:///x/loader.mjs'],
  ],
  [
    ['--import=tsx', '-r', 'x'],
    ['--import=tsx', '-r', 'x'],
  ],
  [['--experimental-strip-types', '--inspect', '--inspect-brk=9229', '--cpu-prof'], ['--experimental-strip-types']],
  [
    ['--import', 'tsx', '-e', 'runAgain()', '--input-type=module'],
    ['--import', 'tsx'],
  ],
  [['--import'], []],
])('of %j are %j', (flags, kept) => {
  expect(loaderFlags(flags)).toEqual(kept);
});
