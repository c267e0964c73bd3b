/** Policies from a folder: real files, a real thread for each trial. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { filter, firstValueFrom, map, type Observable, shareReplay, skip, Subscription, take } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadPolicies, loadPolicy } from '../../src/configuration/index.js';
import { engine } from '../../src/engine/index.js';
import type { BrokenPolicy, Policy } from '../../src/policies/index.js';
import { clusterOf, simulatedCluster } from '../../src/simulation/index.js';

let folder = '';
let subscriptions = new Subscription();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whither-policies-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const plain = (name: string, plan = 'return { moves: [], passedOver: [] };'): string =>
  `export default { name: '${name}', watch: {}, plan: (cluster) => { ${plan} } };`;

/** A module that moves the first guest, in a manner. */
const moving = (move: string): string =>
  plain(
    'x',
    `const [guest] = cluster.guests; const to = cluster.hosts[1];
     if (!guest || !to) return { moves: [], passedOver: [] };
     const move = { guest: guest.id, from: guest.host, to: to.id, because: [] };
     return { moves: [${move}], passedOver: [] };`,
  );

const cooling = (above: string): object => ({
  hosts: [{ value: 'cpu', above }],
  guests: { most: 'cpu' },
  to: { least: 'cpu' },
});

/** Written whole under another name first, so that no look sees half of it. */
const write = async (name: string, text: string): Promise<void> => {
  await writeFile(join(folder, 'unfinished'), text);
  await rename(join(folder, 'unfinished'), join(folder, name));
};

const told = (one: Policy | BrokenPolicy): string =>
  'kind' in one ? `broken ${one.source.split('/').at(-1) ?? ''}: ${one.message}` : one.name;

const watchAlone = (): Observable<string> => {
  const stream = loadPolicies(folder, { every: 20, deadline: 3000 }).pipe(map(told), shareReplay());
  subscriptions.add(stream.subscribe());
  return stream;
};

const nth = (stream: Observable<string>, place: number): Promise<string> =>
  firstValueFrom(stream.pipe(skip(place), take(1)));

describe('modules in TypeScript', () => {
  const typed = (plan: string): string =>
    `const name: string = 'typed';\nexport default { name, watch: {}, plan: (): unknown => { ${plan} } };`;
  const nothing = 'return { moves: [], passedOver: [] };';
  const room = pathToFileURL(join(import.meta.dirname, '../../src/configuration/index.ts')).href;
  const program = `
    import { loadPolicy } from ${JSON.stringify(room)};
    for (const path of process.argv.slice(1))
      await new Promise((done) => loadPolicy(path, 2000).subscribe({
        next: (one) => console.log('kind' in one ? one.message : one.name + ' moves ' + one.plan({ guests: [] }).moves.length),
        complete: done,
      }));`;

  test('are tried in a process with the same loader: one that loops is refused, as a module or as CommonJS', async () => {
    await mkdir(join(folder, 'esm'));
    await write('esm/package.json', '{ "type": "module" }');
    await write('fit.ts', typed(nothing));
    await write('esm/fit.ts', typed(nothing));
    await write('loop.ts', typed('for (;;) {}'));
    await write('exits.ts', typed('process.exit(0);'));
    await write('none.ts', 'export const policy: number = 1;');
    const files = ['fit.ts', 'esm/fit.ts', 'loop.ts', 'exits.ts', 'none.ts'].map((name) => join(folder, name));
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...['--import', 'tsx', '--input-type=module', '-e', program],
      ...files,
    ]);
    expect(stdout.trim().split('\n')).toEqual([
      'typed moves 0',
      'typed moves 0',
      expect.stringMatching(/^it does not end/),
      expect.stringMatching(/^it ends its (thread|process) before it gives a plan/),
      expect.stringMatching(/^it has no default export|^its default export is no policy/),
    ]);
  });

  test.skipIf('typescript' in process.features && Boolean(process.features.typescript))(
    'are refused where no other process could read them',
    async () => {
      await write('a.ts', typed(nothing));
      expect(await firstValueFrom(loadPolicy(join(folder, 'a.ts')).pipe(map(told)))).toMatch(
        /^broken a\.ts: this kind of file is not read in a process of its own, so it cannot be tried/,
      );
    },
  );
});

describe('the policies of a folder', () => {
  beforeEach(() => {
    subscriptions = new Subscription();
  });
  afterEach(() => subscriptions.unsubscribe());

  test('are one policy, of all modules in the order of their names', async () => {
    await write('20-second.mjs', plain('second'));
    await write('10-first.mjs', plain('first'));
    await write('first.test.mjs', 'throw new Error("a test is no policy")');
    await write('notes.txt', 'nor is a note');
    expect(await nth(loadPolicies(folder, { every: 20 }).pipe(map(told)), 0)).toBe('allOf(first, second)');
  });

  test('may be documents too', async () => {
    await write('cool.json', JSON.stringify({ name: 'cool', rules: [cooling('80 %')] }));
    const stream = loadPolicies(folder, { every: 20 }).pipe(map(told));
    expect(await nth(stream, 0)).toBe('cool');
  });

  test('a document that is none says where it is wrong', async () => {
    await write('cool.json', JSON.stringify({ name: 'cool', rules: [cooling('80 apples')] }));
    expect(await firstValueFrom(loadPolicy(join(folder, 'cool.json')).pipe(map(told)))).toMatch(/cool\.json: .*above/);
    await write('cool.json', '{');
    expect(await firstValueFrom(loadPolicy(join(folder, 'cool.json')).pipe(map(told)))).toMatch(/^broken cool\.json/);
  });

  test('one file is read once by its path', async () => {
    await write('a.mjs', plain('alone'));
    expect(await firstValueFrom(loadPolicy(join(folder, 'a.mjs')).pipe(map(told)))).toBe('alone');
    expect(await firstValueFrom(loadPolicy(join(folder, 'none.mjs')).pipe(map(told)))).toMatch(/^broken none\.mjs/);
  });

  test('of an empty folder move nothing', async () => {
    expect(await nth(loadPolicies(folder, { every: 20 }).pipe(map(told)), 0)).toBe('stay');
  });

  test('change when a module is written anew, added or removed', async () => {
    await write('a.mjs', plain('old'));
    const stream = watchAlone();
    expect(await nth(stream, 0)).toBe('old');
    await write('a.mjs', plain('new'));
    expect(await nth(stream, 1)).toBe('new');
    await write('b.mjs', plain('other'));
    expect(await nth(stream, 2)).toBe('allOf(new, other)');
    await rm(join(folder, 'a.mjs'));
    expect(await nth(stream, 3)).toBe('other');
  });

  test.each([
    ['does not parse', 'export default {', /cannot be loaded/],
    ['throws when it is loaded', 'throw new Error("no licence")', /no licence/],
    ['exports no policy', 'export default 42', /no function plan/],
    ['has no default export', 'export const policy = 1', /no default export: write "export default policy/],
    ['throws for an empty cluster', plain('x', 'return cluster.hosts[0].id;'), /throws for 0 hosts and 0 guests/],
    ['returns nonsense', plain('x', 'return "move everything";'), /0 hosts and 0 guests is no plan$/],
    ['plans later', plain('x', 'return Promise.resolve({ moves: [], passedOver: [] });'), /is a promise: .* async/],
    ['moves nothing that is a move', moving('7'), /holds a move that is none/],
    ['moves a guest that is not there', moving("{ ...move, guest: 'ghost' }"), /the guest ghost, which is not there/],
    ['moves a guest from where it is not', moving("{ ...move, from: 'b' }"), /of x from b, where it is not/],
    ['moves a guest to nowhere', moving("{ ...move, to: 'nowhere' }"), /to the host nowhere, which is not there/],
    ['moves a guest to where it is', moving('{ ...move, to: move.from }'), /a move of x to where it is/],
    ['moves without a reason', moving('{ ...move, because: undefined }'), /without its reasons/],
    ['reasons with NaN', moving('{ ...move, because: [{ value: 0 / 0 }] }'), /number that is none, such as NaN/],
    [
      'changes the snapshot',
      plain('x', 'cluster.guests.length = 0; return { moves: [], passedOver: [] };'),
      /changes the snapshot of 1 hosts and 1 guests/,
    ],
    [
      'has no name',
      "export default { name: '', watch: {}, plan: () => ({ moves: [], passedOver: [] }) };",
      /has no name/,
    ],
    [
      'watches nothing that is a watch',
      "export default { name: 'x', plan: () => ({ moves: [], passedOver: [] }) };",
      /has no watch/,
    ],
    ['loops on an empty set', plain('x', 'while (cluster.guests.length === 0) {}'), /does not end/],
    ['loops while it is loaded', 'for (;;) {}', /does not end/],
    ['ends its process', 'process.exit(0)', /ends its thread/],
    ['never finishes loading', 'await new Promise(() => {})', /does not end|ends its thread/],
  ])('a module that %s leaves the old one in force and says why', async (_, text, why) => {
    await write('a.mjs', plain('old'));
    const stream = watchAlone();
    expect(await nth(stream, 0)).toBe('old');
    await write('a.mjs', text);
    expect(await nth(stream, 1)).toMatch(/^broken a\.mjs: /);
    expect(await nth(stream, 1)).toMatch(why);
    await write('a.mjs', plain('mended'));
    expect(await nth(stream, 2)).toBe('mended');
  });

  test('a module that moves as it should is let in', async () => {
    await write('a.mjs', moving('move'));
    expect(await nth(loadPolicies(folder, { every: 20 }).pipe(map(told)), 0)).toBe('x');
  });

  test('two of one name are one too many: the second is refused, until the first is gone', async () => {
    await write('a.mjs', plain('same'));
    await write('b.mjs', plain('same'));
    const stream = watchAlone();
    expect(await nth(stream, 0)).toBe('broken b.mjs: its policy is called "same", and so is that of a.mjs');
    expect(await nth(stream, 1)).toBe('same');
    await rm(join(folder, 'a.mjs'));
    expect(await nth(stream, 2)).toBe('same');
    await write('a.mjs', plain('same'));
    expect(await nth(stream, 3)).toBe('broken a.mjs: its policy is called "same", and so is that of b.mjs');
  });

  test('a module that takes the name of another one leaves its old policy in force', async () => {
    await write('a.mjs', plain('first'));
    await write('b.mjs', plain('second'));
    const stream = watchAlone();
    expect(await nth(stream, 0)).toBe('allOf(first, second)');
    await write('b.mjs', plain('first'));
    expect(await nth(stream, 1)).toMatch(/^broken b\.mjs: its policy is called "first"/);
    await write('a.mjs', plain('third'));
    expect(await nth(stream, 2)).toBe('allOf(third, second)');
  });

  test('a module that was deleted and made again is read again, though it has the old size and date', async () => {
    await write('a.mjs', plain('one'));
    const stream = watchAlone();
    expect(await nth(stream, 0)).toBe('one');
    const { atime, mtime } = await stat(join(folder, 'a.mjs'));
    await rm(join(folder, 'a.mjs'));
    expect(await nth(stream, 1)).toBe('stay');
    await write('a.mjs', plain('two'));
    await utimes(join(folder, 'a.mjs'), atime, mtime);
    expect(await nth(stream, 2)).toBe('two');
  });

  test('a broken module that is deleted leaves nothing behind', async () => {
    await write('a.mjs', plain('one'));
    await write('b.mjs', 'export default 42');
    const stream = watchAlone();
    expect(await nth(stream, 0)).toMatch(/^broken b\.mjs/);
    expect(await nth(stream, 1)).toBe('one');
    await rm(join(folder, 'b.mjs'));
    await write('c.mjs', plain('two'));
    expect(await nth(stream, 2)).toBe('allOf(one, two)');
  });

  test('what was taken is told, though the look was overtaken by the next', async () => {
    await write('a.mjs', plain('old'));
    const stream = watchAlone();
    expect(await nth(stream, 0)).toBe('old');
    const mark = join(folder, 'it is tried');
    await write('a.mjs', plain('new'));
    await write(
      'b.mjs',
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(mark)}, ''); for (;;) {}`,
    );
    // The first was taken by then, and the second keeps the look busy until it is gone.
    await vi.waitUntil(() => existsSync(mark), { timeout: 30_000, interval: 10 });
    await rm(join(folder, 'b.mjs'));
    expect(await firstValueFrom(stream.pipe(filter((name) => name !== 'old')))).toBe('new');
  });

  test('a long row of edits ends with the last one', async () => {
    await write('a.mjs', plain('edit 0'));
    const stream = watchAlone();
    for (let i = 1; i <= 40; i += 1) await write('a.mjs', i % 4 === 0 ? 'export default 42' : plain(`edit ${i}`));
    await write('a.mjs', plain('the last'));
    expect(await firstValueFrom(stream.pipe(filter((name) => name === 'the last')))).toBe('the last');
  });

  test('a folder that is not there is told, and read when it comes', async () => {
    await rm(folder, { recursive: true });
    expect(await nth(loadPolicies(folder, { every: 20 }).pipe(map(told)), 0)).toMatch(/ENOENT/);
  });

  test('rule an engine, which goes on when one of them breaks', async () => {
    await write('a.mjs', plain('old'));
    const driver = simulatedCluster({ ...clusterOf({ hosts: 2, guests: 2, seed: 1 }) });
    const events = engine({ driver, policy: loadPolicies(folder, { every: 20 }), every: 30 }).pipe(shareReplay());
    const running = events.subscribe();
    const first = <Value>(of: Observable<Value>): Promise<Value> => firstValueFrom(of);
    await first(events.pipe(filter((event) => event.kind === 'decided' && event.policy === 'old')));
    await write('a.mjs', 'export default 42');
    const failed = await first(events.pipe(filter((event) => event.kind === 'policy-failed')));
    expect(failed).toMatchObject({ problem: 'could not be had' });
    expect(failed).toHaveProperty('message', expect.stringContaining('a.mjs: its default export is no policy'));
    const seen: string[] = [];
    const later = events.subscribe((event) => {
      if (event.kind === 'policy-failed') seen.length = 0;
      else if (event.kind === 'decided') seen.push(event.policy);
    });
    await first(events.pipe(filter((event) => event.kind === 'decided' && seen.length > 1)));
    expect(new Set(seen)).toEqual(new Set(['old']));
    later.unsubscribe();
    running.unsubscribe();
  });
});
