/** Types of the rule language: what is inferred, and which mistakes are found by the compiler. */
/* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-meaningless-void-operator, @typescript-eslint/restrict-plus-operands -- the mistakes are on purpose, and have no type */
import { expectTypeOf } from 'vitest';
import * as z from 'zod';
import { readPolicy } from '../../src/configuration/index.js';
import { xenPrecopy } from '../../src/estimators/index.js';
import { cpu, level } from '../../src/metrics/index.js';
import { type Fraction, gibibytes, type Milliseconds, percent, seconds } from '../../src/model/index.js';
import {
  type Action,
  type Choice,
  type Collection,
  type Comparison,
  type Condition,
  type GuestTerm,
  type HostTerm,
  type NoParameters,
  policy,
  type Policy,
  type Predicate,
  type Quantities,
  type Quantity,
  type SampledQuantity,
  type WrittenPolicy,
} from '../../src/policies/index.js';

const typed = policy('typed', ({ host, guest, hosts, guests, when, migrate, calculate, choose, param, time }) => {
  const hot = host((h) => {
    expectTypeOf(h).toEqualTypeOf<HostTerm>();
    expectTypeOf(h.cpu).toEqualTypeOf<SampledQuantity<'fraction'>>();
    expectTypeOf(h.cpu.above(percent(80))).toEqualTypeOf<Comparison>();
    expectTypeOf(h.cpu.above(percent(80)).for(seconds(20))).toEqualTypeOf<Condition>();
    expectTypeOf(h.freeMemory.shareOf(h.memory)).toEqualTypeOf<Quantity<'fraction'>>();
    return h.cpu.above(percent(80));
  });
  const busy = guest((g) => g.boundBy('cpu'));
  expectTypeOf(hot).toEqualTypeOf<Predicate<HostTerm>>();
  expectTypeOf(busy.and((g) => g.cpu.above(0.5))).toEqualTypeOf<Predicate<GuestTerm>>();

  expectTypeOf(hosts.reject(hot)).toEqualTypeOf<Collection<HostTerm>>();
  expectTypeOf(hosts.minBy((h) => h.cpu)).toEqualTypeOf<Choice<HostTerm>>();
  expectTypeOf(guests.map((g) => g.memory)).toEqualTypeOf<Quantities<'bytes'>>();
  expectTypeOf(guests.map((g) => g.host)).toEqualTypeOf<Collection<HostTerm>>();
  expectTypeOf(guests.sum((g) => g.memory)).toEqualTypeOf<Quantity<'bytes'>>();
  expectTypeOf(guests.groupBy((g) => g.label('rack')).first().it.members).toEqualTypeOf<Collection<GuestTerm>>();
  expectTypeOf(param.percent('heavy', 80)).toExtend<number>();

  when(hot, (source) => {
    expectTypeOf(source).toEqualTypeOf<HostTerm>();
    return migrate(source.guests.first()).to(hosts.first());
  });
  when(guests.select(busy), (g) => {
    expectTypeOf(g).toEqualTypeOf<GuestTerm>();
    const journey = migrate(g).to(hosts.first());
    expectTypeOf(journey).toExtend<Action>();
    return journey;
  });
  when(time.between(0, seconds(60)), (nothing) => {
    expectTypeOf(nothing).toEqualTypeOf<undefined>();
    return migrate(guests.first()).to((g) => hosts.minBy((h) => h.diskScore(g)));
  });

  host((h) => {
    // @ts-expect-error [ts2345] a time is not a fraction
    h.cpu.above(seconds(80));
    // @ts-expect-error [ts2345] an amount of memory is not a share of a processor
    h.cpu.plus(h.memory);
    // @ts-expect-error [ts2345] a share is not an amount of memory
    h.freeMemory.atLeast(percent(80));
    // @ts-expect-error [ts2339] what is worked out has no past to be asked for
    h.demand.above(0.8).for(seconds(20));
    // @ts-expect-error [ts2339] a fact of the inventory does not rise
    h.memory.rising();
    // @ts-expect-error [ts2551, ts2339] there is no such reading
    h.cpuu.above(0.8);
    // @ts-expect-error [ts2365] quantities are compared by words
    void (h.cpu > 0.8);
    // @ts-expect-error [ts2365, ts2363] quantities are joined by words
    void (h.cpu + 1 - 1);
    return h.cpu.above(0.5);
  });
  // @ts-expect-error [ts2322] a condition is a value of the language, not a boolean
  host(() => true);
  // @ts-expect-error [ts2345] what is asked of guests is not asked of hosts
  hosts.select(busy);
  // @ts-expect-error [ts2345] a host is not moved
  migrate(hosts.first());
  // @ts-expect-error [ts2345, ts2769] a guest is no destination
  migrate(guests.first()).to(guests.first());
  // @ts-expect-error [ts2741, ts2739] a move without a destination is no action
  when(hot, (source) => migrate(source.guests.first()));
  // @ts-expect-error [ts2353] there is no such class
  guest((g) => g.boundBy('gpu'));
  // @ts-expect-error [ts2345] one unit in both arms
  choose(hot, 1, 2);
  guest((g) => {
    const both = calculate('both', 'none', [g.memory, g.vcpus], (memory, vcpus) => {
      expectTypeOf(memory).toEqualTypeOf<number>();
      return memory / vcpus;
    });
    // @ts-expect-error [ts2345] as many numbers as there are quantities
    calculate('one', 'none', [g.memory], (memory: number, vcpus: number) => memory / vcpus);
    // @ts-expect-error [ts2322] a signal of one's own gives a number of a unit that there is
    g.signal({ measure: 'cpu', unit: 'parsec', signal: level(cpu) });
    return both.above(gibibytes(1));
  });
});

expectTypeOf(typed).toEqualTypeOf<WrittenPolicy<NoParameters>>();
expectTypeOf(typed).toExtend<Policy>();
// @ts-expect-error [ts2345] a policy has a name and a body
policy(({ when }) => when);

const relieve = policy('relieve', ({ param, host, hosts, when, migrate }) => {
  const heavy = param.percent('heavy', 80);
  const rest = param.duration('rest', seconds(20));
  const order = param.of('order', z.enum(['cpu', 'memory']), 'cpu');
  const role = param.text('role', 'batch');
  when(
    host((h) => h.cpu.above(heavy).for(rest)),
    (source) => migrate(source.guests.first()).to(hosts.first()),
  );
  return { heavy, rest, order, role };
});
expectTypeOf<Parameters<typeof relieve.with>[0]>().toEqualTypeOf<{
  readonly heavy?: Fraction;
  readonly rest?: Milliseconds;
  readonly order?: 'cpu' | 'memory';
  readonly role?: string;
}>();
expectTypeOf(relieve.with({ heavy: percent(90) })).toEqualTypeOf(relieve);
expectTypeOf(relieve.estimatedBy(xenPrecopy())).toEqualTypeOf(relieve);
relieve.with({});
relieve.with({ heavy: 0.9, rest: seconds(10), order: 'memory', role: 'db' }).with({ role: 'web' });
// @ts-expect-error [ts2561] did you mean to write 'heavy'?
relieve.with({ heavvy: percent(90) });
// @ts-expect-error [ts2353] no such parameter
relieve.with({ light: percent(90) });
// @ts-expect-error [ts2322] a text is no share
relieve.with({ heavy: '90 %' });
// @ts-expect-error [ts2322] a time is no share
relieve.with({ heavy: seconds(90) });
// @ts-expect-error [ts2322] not among the values
relieve.with({ order: 'disk' });
const misspelt = { heavvy: percent(90) };
// @ts-expect-error [ts2559] nothing in common, though it is no literal
relieve.with(misspelt);

const settled = policy('settled', ({ param, every }) => {
  every(param.duration('period', seconds(20)));
});
settled.with({});
// @ts-expect-error [ts2322] what the body does not return is not set: the message says so
settled.with({ period: seconds(10) });
// @ts-expect-error [ts2322] the same where the body is one rule
policy('one', ({ when, hosts, migrate }) => when(hosts, (h) => migrate(h.guests.first()).to(h))).with({ heavy: 1 });

// @ts-expect-error [ts2345] a body is read at once: the message says so
policy('late', async ({ every }) => {
  await Promise.resolve();
  every(seconds(10));
});
policy('odd', ({ host, hosts, guests, when, migrate, estimate }) => {
  // @ts-expect-error [ts2345] a guest is not a host
  hosts.select((h) => h.is(guests.first().it));
  // @ts-expect-error [ts2345] one name is not the other's reading
  host((h) => h.cpu.above(h.freeMemory));
  // @ts-expect-error [ts2554, ts2345] an action for each needs to say what is done
  when(hosts);
  // @ts-expect-error [ts2345] an estimator is a function of facts, not a time
  estimate(seconds(10));
  // @ts-expect-error [ts2322] nothing that is promised is an action
  when(hosts, (h) => Promise.resolve(migrate(h.guests.first()).to(h)));
});
policy('named', ({ host, hosts, param }) => {
  // @ts-expect-error [ts2345] there is no such state
  host((h) => h.state.is('activ'));
  // @ts-expect-error [ts2345] a default is said in hundredths: 80, not percent(80)
  param.percent('mark', percent(80));
  expectTypeOf(hosts.groupBy((h) => h.state).first().it.members).toEqualTypeOf<Collection<HostTerm>>();
  host((h) => h.state.equals(h.label('wanted')).or(h.label('kind').is('any text')));
});
expectTypeOf(relieve).toExtend<Policy>();
expectTypeOf(readPolicy({ name: 'x' })).toEqualTypeOf<WrittenPolicy>();
