/** Rules of the language: what moves, in which order, what stops it, and what is refused before anything runs. */
import * as z from 'zod';
import { describe, expect, test } from 'vitest';
import { average, cpu, level } from '../../../src/metrics/index.js';
import { type Estimator, xenPrecopy } from '../../../src/estimators/index.js';
import { explainPlan, gibibytes, mebibytesPerSecond, percent, seconds } from '../../../src/model/index.js';
import { policy, type Policy, powerAdvice, SettingsError, type Vocabulary } from '../../../src/policies/index.js';
import { movesOf } from '../build.js';
import { siteFor, used } from './site.js';

const hosts = { a: { readings: used(0.9) }, b: { readings: used(0.2) }, c: { readings: used(0.4) } };
const guests = { g1: { on: 'a', readings: used(0.5) }, g2: { on: 'a', readings: used(0.8) } };

const plan = (
  body: (words: Vocabulary) => void,
  on: Parameters<typeof siteFor>[1] = hosts,
  those: Parameters<typeof siteFor>[2] = guests,
  rest?: Parameters<typeof siteFor>[3],
) => {
  const rules = policy('rules', body);
  return rules.plan(siteFor(rules, on, those, rest));
};
const moves = (...given: Parameters<typeof plan>): readonly string[] => movesOf(plan(...given));

const hot = ({ host }: Vocabulary) => host((h) => h.cpu.above(percent(80)));

describe('moves', () => {
  test('the best guest goes to the best host', () => {
    expect(
      moves((words) => {
        words.when(hot(words), (source) =>
          words.migrate(source.guests.maxBy((g) => g.cpu)).to(words.hosts.minBy((h) => h.cpu)),
        );
      }),
    ).toEqual(['g2 a→b']);
  });

  test('a guest that may not go anywhere is passed over for the next, each refusal with its reason', () => {
    const made = plan(
      (words) => {
        words.when(hot(words), (source) =>
          words.migrate(source.guests.maxBy((g) => g.cpu)).to(words.hosts.minBy((h) => h.cpu)),
        );
      },
      hosts,
      { ...guests, g2: { on: 'a', readings: used(0.8), migratable: false } },
    );
    expect(movesOf(made)).toEqual(['g1 a→b']);
    expect(
      made.passedOver.filter(({ subject }) => subject.kind === 'guest' && subject.id === 'g2').length,
    ).toBeGreaterThan(0);
  });

  test('each move counts for the next: a host is not filled twice with one gap', () => {
    const large = { memory: gibibytes(10) };
    expect(
      moves(
        (words) => {
          words.when(words.guests, (g) => words.migrate(g).to(words.hosts.select((h) => h.name.is('b')).first()));
        },
        hosts,
        { g1: { on: 'a', ...large }, g2: { on: 'c', ...large } },
      ),
    ).toEqual(['g1 a→b']);
  });

  test('a destination may ask what it is that goes', () => {
    expect(
      moves(
        ({ when, migrate, guests: all, hosts: any }) => {
          when(all, (g) => migrate(g).to((one) => any.select((h) => h.name.equals(one.home)).first()));
        },
        hosts,
        { g1: { on: 'a', home: 'c' } },
      ),
    ).toEqual(['g1 a→c']);
  });

  test('rules run in the order in which they are written', () => {
    expect(
      moves(({ when, migrate, host, hosts: all }) => {
        const from = host((h) => h.name.is('a'));
        const to = (name: string) => all.select((h) => h.name.is(name)).first();
        when(from, (a) => migrate(a.guests.select((g) => g.name.is('g2')).first()).to(to('c')));
        when(from, (a) => migrate(a.guests.select((g) => g.name.is('g1')).first()).to(to('b')));
      }),
    ).toEqual(['g2 a→c', 'g1 a→b']);
  });
});

describe('unless and otherwise', () => {
  const rule = (
    unless: (words: Vocabulary) => Parameters<ReturnType<ReturnType<Vocabulary['migrate']>['to']>['unless']>[0],
  ) =>
    moves((words) => {
      const { when, migrate, hosts: all } = words;
      when(hot(words), (source) => {
        const to = (name: string) => all.select((h) => h.name.is(name)).first();
        const go = (name: string) => migrate(source.guests.first()).to(to(name));
        return go('b').unless(unless(words)).otherwise(go('c'));
      });
    });

  test('where unless holds, otherwise is done', () => {
    expect(rule(() => (move) => move.to.cpu.below(0.5))).toEqual(['g1 a→c']);
  });

  test('where unless does not hold, the move is made', () => {
    expect(rule(() => (move) => move.to.cpu.above(0.5))).toEqual(['g1 a→b']);
  });

  test('where unless is not known, nothing is done, otherwise neither', () => {
    expect(rule(() => (move) => move.takesLongerThan(seconds(1)).and(move.to.iowait.above(0)))).toEqual([]);
  });

  test('a condition on the whole snapshot that is not known has no otherwise', () => {
    const on = (readings: ReturnType<typeof used>) =>
      moves(
        ({ when, migrate, hosts: all, guests: every }) => {
          const go = (to: string) => migrate(every.first()).to(all.select((h) => h.name.is(to)).first());
          when(
            all.any((h) => h.cpu.above(0.95)),
            () => go('b'),
          ).otherwise(go('c'));
        },
        { a: { readings }, b: { readings: used(0.1) }, c: { readings: used(0.1) } },
      );
    expect([on(used(0.99)), on(used(0.5)), on([])]).toEqual([['g1 a→b'], ['g1 a→c'], []]);
  });
});

describe('each and tryEach', () => {
  const to = ({ hosts: all }: Vocabulary) => all.select((h) => h.name.is('b')).first();

  test('each does all of them', () => {
    expect(
      moves((words) => {
        words.when(hot(words), (a) => words.each(a.guests, (g) => words.migrate(g).to(to(words))));
      }),
    ).toEqual(['g1 a→b', 'g2 a→b']);
  });

  test('tryEach ends with the first of which anything comes', () => {
    expect(
      moves((words) => {
        words.when(hot(words), (a) => words.tryEach(a.guests, (g) => words.migrate(g).to(to(words))));
      }),
    ).toEqual(['g1 a→b']);
  });
});

describe('what holds for all moves', () => {
  const all = (words: Vocabulary): void => {
    words.when(words.guests, (g) => words.migrate(g).to(words.hosts.minBy((h) => h.cpu)));
  };
  const db = { labels: { role: 'db' } };

  test('keepApart lets neither come to the other', () => {
    const apart = (words: Vocabulary): void => {
      words.keepApart(
        words.guest((g) => g.label('role').is('db')),
        words.guest((g) => g.label('role').is('batch')),
      );
      all(words);
    };
    expect(moves(apart, hosts, { g1: { on: 'a', ...db }, g2: { on: 'b', labels: { role: 'batch' } } })).toEqual([
      'g1 a→c',
    ]);
  });

  test('keepTogether lets none leave more of its kind behind than it comes to', () => {
    const together = (words: Vocabulary): void => {
      words.keepTogether(words.guest((g) => g.label('role').is('db')));
      all(words);
    };
    expect(moves(together, hosts, { g1: { on: 'a', ...db }, g2: { on: 'a', ...db } })).toEqual([]);
    expect(moves(together, hosts, { g1: { on: 'a', ...db }, g2: { on: 'b', ...db } })).toEqual(['g1 a→b']);
  });

  test('prefer comes before the order of a choice', () => {
    expect(
      moves(
        (words) => {
          words.prefer((move) => move.to.name.is('c'));
          all(words);
        },
        hosts,
        { g1: { on: 'a' } },
      ),
    ).toEqual(['g1 a→c']);
  });

  test('afterwards asks of the snapshot with the move in it', () => {
    const busy = { readings: used(1), vcpus: 4 };
    expect(
      moves(
        (words) => {
          words.afterwards((move) => move.to.demand.atMost(percent(90)));
          all(words);
        },
        { a: { readings: used(0.9) }, b: { readings: used(0.1) } },
        { g1: { on: 'a', ...busy } },
      ),
    ).toEqual([]);
  });

  test('limit cuts the plan', () => {
    const made = plan((words) => {
      words.limit({ moves: 1 });
      all(words);
    });
    expect(made.moves).toHaveLength(1);
  });
});

describe('evacuate and power', () => {
  test('evacuate empties hosts of a kind, and fills one before it begins another', () => {
    expect(moves((words) => words.evacuate(hot(words)))).toEqual(['g1 a→b', 'g2 a→b']);
  });

  test('evacuate without a kind leaves failing hosts before draining ones', () => {
    expect(
      moves(
        (words) => words.evacuate(),
        { a: { state: 'draining' }, b: { state: 'failing' }, c: { readings: used(0.1) } },
        {
          g1: { on: 'a', readings: used(0.1) },
          g2: { on: 'b', readings: used(0.1) },
        },
      ),
    ).toEqual(['g2 b→c', 'g1 a→c']);
  });

  test('power advises which hosts may be switched off, and which are wanted', () => {
    const made = plan(
      (words) => {
        const { when, host, power } = words;
        when(
          host((h) => h.cpu.below(0.3)),
          (h) => power.off(h),
        );
        when(
          host((h) => h.state.is('off')),
          (h) => power.on(h),
        );
      },
      { ...hosts, d: { state: 'off' } },
    );
    expect(powerAdvice(made)).toEqual({ off: ['b'], on: ['d'] });
  });

  test('a host with guests is not advised to be switched off', () => {
    const made = plan((words) => words.when(hot(words), (h) => words.power.off(h)));
    expect(powerAdvice(made).off).toEqual([]);
  });
});

test('own signals and own helper functions are ordinary functions', () => {
  const mean = average(cpu, { of: 2 });
  const calm = policy('calm', ({ when, host, hosts: all, migrate, calculate }) => {
    const idle = host((h) => h.signal({ measure: 'mean cpu', unit: 'fraction', signal: mean }).above(0.5));
    const spare = host((h) => calculate('spare', 'fraction', [h.cpu], (share) => 1 - share).above(0.7));
    when(idle, (h) => migrate(h.guests.first()).to(all.select(spare).first()));
  });
  expect(Object.keys(calm.watch.host ?? {})).toEqual([mean.name, level(cpu).name]);
  expect(
    movesOf(calm.plan(siteFor(calm, { a: { readings: used(0.9, 0.7) }, b: { readings: used(0.1) } }, guests))),
  ).toEqual(['g1 a→b']);
});

describe('parameters', () => {
  const heavy = policy('keep-cool', ({ param, host, hosts: all, when, migrate, every }) => {
    every(seconds(10));
    const bound = param.percent('heavy', 80);
    const most = param.of('most', z.enum(['cpu', 'memory']), 'cpu');
    when(
      host((h) => h.cpu.above(bound)),
      (h) => migrate(h.guests.maxBy((g) => (most === 'cpu' ? g.cpu : g.memory))).to(all.minBy((to) => to.cpu)),
    );
    return { heavy: bound, most };
  });
  const made = (one: Policy): readonly string[] =>
    movesOf(one.plan(siteFor(one, { ...hosts, a: { readings: used(0.75) } }, guests)));

  test('one module serves sites with other bounds', () => {
    expect([made(heavy), made(heavy.with({ heavy: percent(70) }))]).toEqual([[], ['g2 a→b']]);
  });

  test('a period is told to whoever runs it', () => {
    expect([heavy.every, heavy.with({ heavy: 0.5 }).every]).toEqual([10_000, 10_000]);
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [{ heavy: 70 }, /^keep-cool\.heavy: /],
    [{ most: 'disk' }, /^keep-cool\.most: /],
    [{ heavvy: 0.7 }, /^keep-cool\.heavvy: no such setting/],
  ])('%j is refused by its path', (settings, message) => {
    // As a program without types would, or one that read them from a file.
    const set = heavy.with as (settings: Record<string, unknown>) => unknown;
    expect(() => set(settings)).toThrow(SettingsError);
    expect(() => set(settings)).toThrow(message);
  });

  test('what is returned and was not declared is refused, and so is another value', () => {
    expect(() => policy('x', ({ param }) => ({ heavvy: param.percent('heavy', 80) }))).toThrow(
      /^x\.heavvy: is returned as a parameter, and none is declared by this name$/,
    );
    expect(() => policy('x', ({ param }) => ({ heavy: param.percent('heavy', 80) / 2 }))).toThrow(
      /^x\.heavy: is returned with another value than the parameter has$/,
    );
  });

  test('the last setting holds, and what it leaves out has its default', () => {
    const both = heavy.with({ heavy: percent(70) }).with({ most: 'memory' });
    expect(made(both)).toEqual([]);
  });

  test('the schema of the parameters can be published', () => {
    expect(z.toJSONSchema(heavy.parameters, { io: 'input' })).toMatchObject({
      properties: { heavy: { type: 'number', minimum: 0, maximum: 1, default: 0.8 } },
    });
  });
});

describe('how long a move takes', () => {
  const estimate =
    (duration: number): Estimator =>
    () => ({
      duration,
      downtime: 1,
      bytes: 1,
      rounds: 1,
      convergence: 'converges',
      interval: { low: duration, high: duration },
      because: [],
    });
  const slow = (first?: Estimator, second?: Estimator) =>
    policy('slow', ({ host, hosts: all, when, migrate, estimate: estimated }) => {
      when(
        host((h) => h.cpu.above(percent(80))),
        (source) =>
          migrate(source.guests.first())
            .to(all.minBy((h) => h.cpu))
            .unless((move) => move.takesLongerThan(seconds(60))),
      );
      if (first) estimated(first);
      if (second) estimated(second);
    });
  const network = { networks: [{ role: 'migration' as const, link: 'l', bandwidth: mebibytesPerSecond(1000) }] };
  const reading = { cpu: { used: 0.5 }, dirty: { rate: mebibytesPerSecond(20), window: 1000 } };
  const planned = (one: Policy): readonly string[] =>
    movesOf(
      one.plan(
        siteFor(
          one,
          { a: { readings: used(0.9), ...network }, b: { readings: used(0.2), ...network } },
          { g: { on: 'a', readings: [reading] } },
        ),
      ),
    );

  test('is what QEMU needs, if nothing else is said', () => {
    expect(planned(slow())).toEqual(['g a→b']);
  });

  test('is what the page says, even after the rule', () => {
    expect(planned(slow(estimate(seconds(61))))).toEqual([]);
    expect(planned(slow(estimate(seconds(60))))).toEqual(['g a→b']);
  });

  test('is what the caller says, whatever the page does', () => {
    expect(planned(slow(estimate(seconds(61))).estimatedBy(estimate(seconds(10))))).toEqual(['g a→b']);
    expect(
      planned(
        slow()
          .estimatedBy(estimate(seconds(61)))
          .with({}),
      ),
    ).toEqual([]);
    expect(planned(slow().estimatedBy(xenPrecopy()))).toEqual(['g a→b']);
  });

  test('is said once', () => {
    expect(() => slow(estimate(1), estimate(2))).toThrow(/^estimate: is said twice$/);
  });
});

describe('a body that goes wrong', () => {
  test('as it is async and would say its rules too late', () => {
    const late = policy as (name: string, body: (words: Vocabulary) => unknown) => unknown;
    expect(() => late('late', () => Promise.resolve())).toThrow(/^late: its body is async; it is read at once/);
  });

  test.each<[string, (words: Vocabulary) => void, RegExp]>([
    [
      'that throws',
      () => {
        throw new Error('no such luck');
      },
      /^broken: no such luck/,
    ],
    [
      'with a limit that is no number',
      ({ host, when, migrate, hosts: all }) =>
        when(
          host((h) => h.cpu.above(Number.NaN)),
          (h) => migrate(h.guests.first()).to(all.first()),
        ),
      /NaN is not a number/,
    ],
    [
      'with a share of eighty',
      ({ host, when, migrate, hosts: all }) =>
        when(
          host((h) => h.cpu.above(80)),
          (h) => migrate(h.guests.first()).to(all.first()),
        ),
      /^broken: 80 as a share is 8000 %; shares are from 0 to 1: write percent\(80\)$/,
    ],
    ['with a period that is none', ({ every }) => every(0), /every: 0 ms is no period/],
    [
      'with a parameter of two meanings',
      ({ param }) => {
        param.count('n', 1);
        param.count('n', 2);
      },
      /^broken\.n: is declared twice, as different things/,
    ],
    [
      'with a spell against something that moves',
      ({ host, when, migrate, hosts: all }) =>
        when(
          host((h) => h.cpu.above(h.iowait).for(seconds(5))),
          (h) => migrate(h.guests.first()).to(all.first()),
        ),
      /plain number only/,
    ],
  ])('%s is refused at once', (_, body, message) => {
    expect(() => policy('broken', body)).toThrow(SettingsError);
    expect(() => policy('broken', body)).toThrow(message);
  });

  test('a rule over nothing plans nothing', () => {
    expect(
      moves(({ when, migrate, hosts: all, guests: every }) => when(every, (g) => migrate(g).to(all.first())), {}, {}),
    ).toEqual([]);
  });

  test('a function of one’s own that throws is the engine’s to refuse', () => {
    const odd = (): number => {
      throw new Error('odd');
    };
    expect(() =>
      moves(({ when, migrate, host, hosts: all, calculate }) =>
        when(
          host((h) => calculate('odd', 'none', [h.cores], odd).above(0)),
          (h) => migrate(h.guests.first()).to(all.first()),
        ),
      ),
    ).toThrow('odd');
  });
});

describe('the page is read once', () => {
  test('the body runs when the policy is made, and never with a plan', () => {
    let runs = 0;
    const counted = policy('counted', ({ when, guests: all, migrate, hosts: any }) => {
      runs += 1;
      when(all, (g) => {
        runs += 1;
        return migrate(g).to(any.minBy((h) => h.cpu));
      });
    });
    const site = siteFor(counted, hosts, guests);
    const before = runs;
    counted.plan(site);
    counted.plan(site);
    expect([before, runs]).toEqual([2, 2]);
  });

  test('what is asked is asked only as far as it takes: one is enough for any', () => {
    let asked = 0;
    const lazy = policy('lazy', ({ when, guests: all, migrate, hosts: any, calculate }) => {
      const some = all.any((g) =>
        calculate('asked', 'count', [g.vcpus], (vcpus) => {
          asked += 1;
          return vcpus;
        }).above(0),
      );
      when(some, () => migrate(all.first()).to(any.minBy((h) => h.cpu)));
    });
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`g${i}`, { on: 'a', memory: 1024 }]));
    lazy.plan(siteFor(lazy, hosts, many));
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(10);
  });

  test('equal snapshots give equal plans, evidence and all', () => {
    const rules = policy('twice', (words) => {
      words.when(hot(words), (source) => words.migrate(source.guests.first()).to(words.hosts.minBy((h) => h.cpu)));
    });
    const site = siteFor(rules, hosts, guests);
    expect(rules.plan(site)).toEqual(rules.plan(structuredClone(site)));
  });
});

test('a plan explains itself', () => {
  const made = plan((words) => {
    words.when(hot(words), (source) =>
      words.migrate(source.guests.maxBy((g) => g.cpu)).to(words.hosts.reject(hot(words)).minBy((h) => h.cpu)),
    );
  });
  expect(explainPlan(made).split('\n').slice(0, 5)).toEqual([
    'move g2  a → b',
    '  because a cpu 90 % above 80 %',
    '      and g2 cpu, chosen before g1, 80 % at least 50 %',
    '      and b cpu 20 % at most 80 %',
    '      and b cpu, chosen before c, 20 % at most 40 %',
  ]);
});
