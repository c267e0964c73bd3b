/** Policies as documents: read, refused by their paths, published as a schema, and lawful like any other. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ConfigurationError, policyDocumentSchema, readPolicy } from '../../src/configuration/index.js';
import { percent, seconds } from '../../src/model/index.js';
import { policy } from '../../src/policies/index.js';
import { breaches, clusters } from '../../src/testing/index.js';
import { movesOf } from '../policies/build.js';
import { siteFor, used } from '../policies/language/site.js';

const yaml = `
name: keep-cool
every: 10 s
limit: { moves: 4, perHost: 2 }
afterwards:
  - { value: demand, atMost: 90 % }
rules:
  - hosts:
      - { value: cpu, above: 80 %, for: 5 s }
    guests: { most: 2 * iowait + cpu }
    to:
      where:
        - { value: cpu, atMost: 80 % }
        - { state: active }
      most: clock * (1 - cpu)
    unless: { takesLongerThan: 600 s }
`;

const inWords = policy('keep-cool', ({ hosts, when, migrate, afterwards, limit, every, calculate }) => {
  every(seconds(10));
  limit({ moves: 4, perHost: 2 });
  afterwards(({ to }) => to.demand.atMost(percent(90)));
  when(
    hosts.select((h) => h.cpu.above(percent(80)).for(seconds(5))),
    (source) =>
      migrate(source.guests.maxBy((g) => calculate('x', 'none', [g.iowait, g.cpu], (iowait, cpu) => 2 * iowait + cpu)))
        .to(
          hosts
            .select((h) => h.cpu.atMost(percent(80)))
            .select((h) => h.state.is('active'))
            .maxBy((h) => calculate('x', 'none', [h.clock, h.cpu], (clock, cpu) => clock * (1 - cpu))),
        )
        .unless((move) => move.takesLongerThan(seconds(600))),
  );
});

test('a YAML document plans what the same rule plans in words', () => {
  const read = readPolicy(parse(yaml), 'site.yaml');
  expect(read.every).toBe(10_000);
  let moved = 0;
  fc.assert(
    fc.property(clusters({ watch: read.watch }), (cluster) => {
      const plan = read.plan(cluster);
      moved += plan.moves.length;
      expect(movesOf(plan)).toEqual(movesOf(inWords.plan(cluster)));
      expect(
        breaches(read, cluster, {
          lessDataNoMoreMoves: 'what a silent host would have taken goes elsewhere in other portions',
        }),
      ).toEqual([]);
    }),
    { numRuns: 60 },
  );
  expect(moved).toBeGreaterThan(0);
});

test('a JSON document may choose guests by label and by what they need, and evacuate', () => {
  const read = readPolicy({
    name: 'batch',
    evacuate: true,
    rules: [
      {
        hosts: [{ value: 'cpu', above: 'iowait + 0.5' }],
        guests: { where: [{ label: 'role', is: 'batch' }], least: 'memory' },
        to: { where: [{ label: 'rack', is: ['r1', 'r2'] }] },
      },
    ],
  });
  const readings = [{ cpu: { used: 0.9, iowait: 0.1 } }];
  const site = siteFor(
    read,
    { a: { readings }, b: { labels: { rack: 'r3' } }, c: { labels: { rack: 'r2' } } },
    { db: { on: 'a', readings: used(0.1) }, job: { on: 'a', labels: { role: 'batch' } } },
  );
  expect(movesOf(read.plan(site))).toEqual(['job a→c']);
});

describe('refused by the path', () => {
  const rule = { hosts: [{ value: 'cpu', above: 0.8 }], guests: {}, to: {} };
  test.each<[unknown, string]>([
    [{ name: '' }, 'site.name'],
    [{ name: 'x', rule: [] }, 'site.rule'],
    [{ name: 'x', every: '10 parsecs' }, 'site.every'],
    [{ name: 'x', rules: [{ ...rule, to: { most: 'clok' } }] }, 'site.rules[0].to.most'],
    [{ name: 'x', rules: [{ ...rule, to: { most: 'cpu', least: 'cpu' } }] }, 'site.rules[0].to'],
    [
      { name: 'x', rules: [rule, { ...rule, hosts: [{ value: 'cpu.constructor', above: 1 }] }] },
      'site.rules[1].hosts[0].value',
    ],
    [
      { name: 'x', rules: [{ ...rule, hosts: [{ value: 'cpu', above: 'import("fs")' }] }] },
      'site.rules[0].hosts[0].above',
    ],
    [{ name: 'x', rules: [{ ...rule, hosts: [{ value: 'cpu' }] }] }, 'site.rules[0].hosts[0]'],
    [{ name: 'x', rules: [{ ...rule, hosts: [{ value: 'cpu', above: 0, below: 1 }] }] }, 'site.rules[0].hosts[0]'],
    [
      { name: 'x', rules: [{ ...rule, hosts: [{ value: '2 * cpu', above: 0.8, for: '20 s' }] }] },
      'site.rules[0].hosts[0].for',
    ],
    [
      { name: 'x', rules: [{ ...rule, hosts: [{ value: 'cpu', above: 'iowait', for: '20 s' }] }] },
      'site.rules[0].hosts[0].for',
    ],
    [
      { name: 'x', rules: [{ ...rule, guests: { where: [{ boundBy: 'gpu' }] } }] },
      'site.rules[0].guests.where[0].boundBy',
    ],
    [{ name: 'x', afterwards: [{ value: 'dimand', atMost: 1 }] }, 'site.afterwards[0].value'],
    [JSON.parse('{ "name": "x", "__proto__": { "rules": [] } }'), 'site.__proto__'],
    ['name: x', 'site'],
  ])('%j', (document, path) => {
    let thrown: unknown;
    try {
      readPolicy(document, 'site');
    } catch (error) {
      thrown = error;
    }
    expect(ConfigurationError.is(thrown) && thrown.problems.map((problem) => problem.path)).toContain(path);
  });
});

test('the schema is published for editors', () => {
  expect(policyDocumentSchema()).toMatchObject({
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: { rules: { type: 'array' }, limit: { required: ['moves'] } },
  });
});
