/** Policies from a folder: real files, a real thread for each trial. */
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom, map, type Observable, shareReplay, skip, Subscription, take } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
    ['has no default export', 'export const policy = 1', /no function plan/],
    ['throws for an empty cluster', plain('x', 'return cluster.hosts[0].id;'), /throws for 0 hosts and 0 guests/],
    ['returns nonsense', plain('x', 'return "move everything";'), /is no plan/],
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
