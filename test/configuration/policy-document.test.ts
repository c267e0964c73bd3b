/** Policies as documents: read, refused by their paths, published as a schema, and lawful like any other. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { ConfigurationError, policyDocumentSchema, readPolicy } from '../../src/configuration/index.js';
import { gigahertz, hours, percent, seconds } from '../../src/model/index.js';
import { policy, powerAdvice, type Vocabulary } from '../../src/policies/index.js';
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

test.each<[string, object]>([
  ['name: is missing: Invalid input: expected string', {}],
  [
    'rules[0].hosts[0].abov: unknown key',
    { name: 'x', rules: [{ hosts: [{ value: 'cpu', abov: 1 }], guests: {}, to: {} }] },
  ],
  [
    'rules[0].hosts[0]: "hot": expected a condition on a host, such as { value: "cpu", above: "80 %" } or { state: "active" }',
    { name: 'x', rules: [{ hosts: ['hot'], guests: {}, to: {} }] },
  ],
  [
    'rules[0].hosts[0].not.abov: unknown key',
    { name: 'x', rules: [{ hosts: [{ not: { value: 'cpu', abov: 1 } }], guests: {}, to: {} }] },
  ],
  [
    'rules[0].hosts[0].above: 80 as a share is 8000 %; write "80 %"',
    { name: 'x', rules: [{ hosts: [{ value: 'cpu', above: 80 }], guests: {}, to: {} }] },
  ],
  [
    'rules[0].hosts[0].above: "20 s" is not a share between 0 and 100 %; write for example "70 %"',
    { name: 'x', rules: [{ hosts: [{ value: 'cpu', above: '20 s' }], guests: {}, to: {} }] },
  ],
  ['limit.moves: -1: Too small: expected number to be >=0', { name: 'x', limit: { moves: -1 } }],
  ['limit.moves: no parameter is called "n"; there are none', { name: 'x', limit: { moves: 'n' } }],
  [
    'limit.moves: the parameter n is no count',
    { name: 'x', parameters: { n: { bytes: '1 GiB' } }, limit: { moves: 'n' } },
  ],
  ['every: the parameter n is no length of time', { name: 'x', parameters: { n: { count: 1 } }, every: 'n' }],
  ['parameters.cpu: is the name of a reading', { name: 'x', parameters: { cpu: { percent: 80 } } }],
  ['parameters.a b: is no name: letters and digits make one', { name: 'x', parameters: { 'a b': { percent: 80 } } }],
  [
    'parameters.m.percent: 180: Too big: expected number to be <=100',
    { name: 'x', parameters: { m: { percent: 180 } } },
  ],
  [
    'parameters.m: {"share":1}: expected one of percent, duration, bytes, count, number, text and flag, with its default',
    { name: 'x', parameters: { m: { share: 1 } } },
  ],
  [
    'parameters.m.duration: "80" has no unit; write for example "20 s" or "5 min", or a plain number of milliseconds',
    { name: 'x', parameters: { m: { duration: '80' } } },
  ],
  [
    'rules[0].hosts[0].above: m is a parameter in milliseconds, and fraction is asked for',
    {
      name: 'x',
      parameters: { m: { duration: '1 s' } },
      rules: [{ hosts: [{ value: 'cpu', above: 'm' }], guests: {}, to: {} }],
    },
  ],
  [
    'rules[0].hosts[0].is.parameter: the parameter m is a number, and a text is asked for',
    {
      name: 'x',
      parameters: { m: { number: 1 } },
      rules: [{ hosts: [{ label: 'rack', is: { parameter: 'm' } }], guests: {}, to: {} }],
    },
  ],
  [
    'rules[0].while[0].flag: no parameter is called "dark"; there are m',
    { name: 'x', parameters: { m: { flag: true } }, rules: [{ while: [{ flag: 'dark' }], guests: {}, to: {} }] },
  ],
  ['keepApart[0].from: is missing: Invalid input: expected array', { name: 'x', keepApart: [{ guests: [] }] }],
  [
    'keepApart[0].guests[0].boundBy: there is no class "gpu"; there are cpu, io, balanced, idle, paging, network',
    { name: 'x', keepApart: [{ guests: [{ boundBy: 'gpu' }], from: [] }] },
  ],
  [
    'keepTogether[0].guests[0].value: "clock": nothing is called clock; there are',
    { name: 'x', keepTogether: [{ guests: [{ value: 'clock', above: 1 }] }] },
  ],
  [
    'prefer[0].to[0].rising: no reading is called "demand"; there are cpu,',
    { name: 'x', prefer: [{ to: [{ rising: 'demand' }] }] },
  ],
  [
    'prefer[0]: {"holdsImage":false}: expected a condition on a host, or',
    { name: 'x', prefer: [{ holdsImage: false }] },
  ],
  [
    'afterwards[1].guest[0].value: "clock": nothing is called clock',
    { name: 'x', afterwards: [{ state: 'active' }, { guest: [{ value: 'clock', above: 1 }] }] },
  ],
  ['evacuate[0].anyOf[0].falling: no reading is called "x"', { name: 'x', evacuate: [{ anyOf: [{ falling: 'x' }] }] }],
  [
    'rules[0].power.off.most: "clok": nothing is called clok',
    { name: 'x', rules: [{ power: { off: { most: 'clok' } } }] },
  ],
  [
    'rules[0].power: "off": expected { off: { where, most } } or { on: { where, most } }',
    { name: 'x', rules: [{ power: 'off' }] },
  ],
  [
    'rules[0].unless.takesLongerThan: "60" has no unit',
    { name: 'x', rules: [{ guests: {}, to: {}, unless: { takesLongerThan: '60' } }] },
  ],
  [
    'evacuate[0].state: there is no state "activ"; there are active, draining, failing, off',
    { name: 'x', evacuate: [{ state: 'activ' }] },
  ],
])('says of a wrong document %s', (message, document) => {
  let told = '';
  try {
    readPolicy(document, '');
  } catch (thrown) {
    told = ConfigurationError.is(thrown) ? thrown.message : `not a ConfigurationError: ${String(thrown)}`;
  }
  expect(told.slice(0, message.length)).toBe(message);
});

describe('parameters', () => {
  const document = {
    name: 'site',
    every: 'often',
    parameters: {
      mark: { percent: 80 },
      patience: { duration: '10 s' },
      often: { duration: '1 min' },
      most: { count: 2 },
      weight: { number: 1 },
      kind: { text: 'batch' },
      careful: { flag: false },
      room: { bytes: '1 GiB' },
    },
    limit: { moves: 'most' },
    afterwards: [{ value: 'freeMemory', atLeast: 'room' }],
    rules: [
      {
        hosts: [{ value: 'cpu', above: 'mark' }, { not: { flag: 'careful' } }],
        guests: { where: [{ label: 'role', is: { parameter: 'kind' } }], most: 'weight * cpu' },
        to: { least: 'cpu' },
      },
    ],
  };
  const read = readPolicy(document);
  const moved = (settings: object): readonly string[] => {
    const set = read.with({ ...settings });
    const job = { on: 'a', labels: { role: 'batch' }, readings: used(0.3) };
    return movesOf(
      set.plan(
        siteFor(
          set,
          { a: { readings: used(0.85) }, b: { readings: used(0.1) } },
          { big: { ...job, readings: used(0.5) }, job, db: { ...job, labels: { role: 'db' }, readings: used(0.4) } },
        ),
      ),
    );
  };

  test.each<[object, readonly string[]]>([
    [{}, ['big a→b']],
    [{ mark: '90 %' }, []],
    [{ mark: 0.84 }, ['big a→b']],
    [{ weight: -1 }, ['job a→b']],
    [{ kind: 'db' }, ['db a→b']],
    [{ careful: true }, []],
    [{ most: 0 }, []],
    [{ room: '64 GiB' }, []],
  ])('%j moves %j', (settings, moves) => {
    expect(moved(settings)).toEqual(moves);
  });

  test('a period is one too', () => {
    expect([read.every, read.with({ often: '2 min' }).every]).toEqual([60_000, 120_000]);
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [{ mark: '190 %' }, /^site\.mark: "190 %" is above 100 %/],
    [{ mrak: 0.5 }, /^site\.mrak: no such setting/],
    [{ most: 1.5 }, /^site\.most: /],
    [{ careful: 'yes' }, /^site\.careful: /],
  ])('%j is refused by its path', (settings, message) => {
    expect(() => read.with(settings)).toThrow(message);
  });

  test('their schema can be published', () => {
    expect(z.toJSONSchema(read.parameters, { io: 'input' })).toMatchObject({
      properties: { mark: { default: 0.8 }, patience: { default: 10_000 }, kind: { default: 'batch' } },
    });
  });
});

/** A part of a document, and the same in words. */
interface Part {
  readonly document: Readonly<Record<string, unknown>>;
  readonly say: (words: Vocabulary) => void;
}

const isDatabase = (words: Vocabulary) => words.guest((g) => g.label('role').is('db'));
const parts: Readonly<Record<string, Part>> = {
  keepApart: {
    document: {
      keepApart: [{ guests: [{ value: 'cpu', above: '50 %' }], from: [{ value: 'iowait', above: '20 %' }] }],
    },
    say: (words) =>
      words.keepApart(
        words.guest((g) => g.cpu.above(0.5)),
        words.guest((g) => g.iowait.above(0.2)),
      ),
  },
  keepTogether: {
    document: {
      keepTogether: [
        {
          guests: [
            {
              anyOf: [
                { label: 'role', is: 'db' },
                { value: 'vcpus', atLeast: 2 },
              ],
            },
          ],
        },
      ],
    },
    say: (words) => words.keepTogether(isDatabase(words).or((g) => g.vcpus.atLeast(2))),
  },
  preferred: {
    document: {
      prefer: [{ value: 'clock', above: '2.5 GHz' }, { guest: [{ value: 'cpu', above: 0.3 }] }, { holdsImage: true }],
    },
    say: ({ prefer }) => {
      prefer(({ to }) => to.clock.above(gigahertz(2.5)));
      prefer(({ guest }) => guest.cpu.above(0.3));
      prefer(({ guest, to }) => to.holdsImageOf(guest));
    },
  },
  afterwards: {
    document: {
      afterwards: [
        { value: 'demand', atMost: '90 %' },
        { from: [{ not: { state: 'off' } }] },
        { to: [{ state: 'active' }] },
      ],
    },
    say: ({ afterwards }) => {
      afterwards(({ to }) => to.demand.atMost(0.9));
      afterwards(({ from }) => from.state.is('off').not());
      afterwards(({ to }) => to.state.is('active'));
    },
  },
  limit: {
    document: { limit: { moves: 2, perHost: 1 } },
    say: ({ limit }) => limit({ moves: 2, perHost: 1 }),
  },
  all: { document: { evacuate: true }, say: ({ evacuate }) => void evacuate() },
};
const evacuatingBusy: Part = {
  document: { evacuate: [{ value: 'cpu', above: '70 %' }, { hasGuest: [{ value: 'cpu', above: '10 %' }] }] },
  say: ({ evacuate, host, guest }) =>
    void evacuate(host((h) => h.cpu.above(0.7)).and((h) => h.guests.any(guest((g) => g.cpu.above(0.1))))),
};
const rules: readonly { readonly rule: object; readonly say: (words: Vocabulary) => void }[] = [
  {
    rule: {
      hosts: [{ rising: 'cpu' }],
      guests: { where: [{ boundBy: ['cpu', 'io'] }], most: 'cpu' },
      to: { where: [{ not: { falling: 'cpu' } }], least: 'demand' },
      unless: { takesLongerThan: '60 s' },
    },
    say: ({ hosts, when, migrate, guest }) =>
      void when(
        hosts.select((h) => h.cpu.rising()),
        (source) =>
          migrate(source.guests.select(guest((g) => g.boundBy(['cpu', 'io']))).maxBy((g) => g.cpu))
            .to(hosts.select((h) => h.cpu.falling().not()).minBy((h) => h.demand))
            .unless((move) => move.takesLongerThan(seconds(60))),
      ),
  },
  {
    rule: {
      while: [{ time: { from: '22 h', to: '6 h' } }],
      hosts: [{ value: 'cpu', below: '50 %' }],
      guests: {},
      to: { most: 'cpu' },
    },
    say: ({ hosts, when, migrate, each, time }) =>
      void when(time.between(hours(22), hours(6)), () =>
        each(
          hosts.select((h) => h.cpu.below(0.5)),
          (source) => migrate(source.guests.first()).to(hosts.maxBy((h) => h.cpu)),
        ),
      ),
  },
  {
    rule: { power: { off: { where: [{ value: 'cpu', below: '50 %' }], least: 'cores' } } },
    say: ({ hosts, when, power, and }) =>
      void when(and(), () => power.off(hosts.select((h) => h.cpu.below(0.5)).minBy((h) => h.cores))),
  },
  {
    rule: { while: [{ time: { from: '6 h', to: '22 h' } }], power: { on: { most: 'clock' } } },
    say: ({ hosts, when, power, time }) =>
      void when(time.between(hours(6), hours(22)), () => power.on(hosts.maxBy((h) => h.clock))),
  },
];

test('a document and the same rules as a module give equal plans, whatever is said', () => {
  const counts = new Map<string, number>();
  const chosen = fc.record({
    which: fc.subarray(Object.keys(parts)),
    busy: fc.boolean(),
    order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 1 }),
    hour: fc.integer({ min: 0, max: 23 }),
  });
  fc.assert(
    fc.property(chosen, fc.integer(), ({ which, busy, order, hour }, seed) => {
      const said = [
        ...which.map((name) => parts[name]).filter((part) => part !== undefined),
        ...(busy && !which.includes('all') ? [evacuatingBusy] : []),
      ];
      const read = readPolicy({
        name: 'same',
        ...Object.assign({}, ...said.map(({ document }) => document)),
        rules: order.map((i) => rules[i]?.rule),
      });
      const module = policy('same', (words): void => {
        for (const { say } of said) say(words);
        for (const i of order) rules[i]?.say(words);
      });
      expect(Object.keys(read.watch.host ?? {}).sort()).toEqual(Object.keys(module.watch.host ?? {}).sort());
      expect(Object.keys(read.watch.guest ?? {}).sort()).toEqual(Object.keys(module.watch.guest ?? {}).sort());
      for (const sampled of fc.sample(clusters({ watch: module.watch }), { numRuns: 3, seed })) {
        const cluster = { ...sampled, at: hours(hour) };
        const plan = read.plan(cluster);
        expect(plan).toEqual(module.plan(cluster));
        const { off, on } = powerAdvice(plan);
        for (const [what, count] of [
          ['moves', plan.moves.length],
          ['off', off.length],
          ['on', on.length],
        ] as const)
          counts.set(what, (counts.get(what) ?? 0) + count);
      }
    }),
    { numRuns: 60 },
  );
  expect([...counts.values()].every((count) => count > 0)).toBe(true);
});

test('keepApart needs the readings of both kinds', () => {
  const { document } = parts['keepApart'] ?? {};
  expect(Object.keys(readPolicy({ name: 'x', ...document }).watch.guest ?? {})).toEqual([
    'level(cpu)',
    'level(iowait)',
  ]);
});

test('the schema is published for editors', () => {
  expect(policyDocumentSchema()).toMatchObject({
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: { rules: { type: 'array' }, limit: { required: ['moves'] } },
  });
  expect(Object.keys(policyDocumentSchema().properties ?? {}).sort()).toEqual([
    ...['$schema', 'afterwards', 'evacuate', 'every', 'keepApart', 'keepTogether', 'limit', 'name', 'parameters'],
    ...['prefer', 'rules'],
  ]);
  const text = JSON.stringify(policyDocumentSchema());
  for (const key of ['power', 'while', 'hasGuest', 'holdsImage', 'anyOf', 'rising', 'boundBy', 'takesLongerThan'])
    expect(text).toContain(`"${key}":`);
});
