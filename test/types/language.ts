/** Types of the rule language: what is inferred, and which mistakes are found by the compiler. */
/* eslint-disable @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return, @typescript-eslint/no-meaningless-void-operator, @typescript-eslint/restrict-plus-operands -- the mistakes are on purpose, and have no type */
import { expectTypeOf } from 'vitest';
import { cpu, level } from '../../src/metrics/index.js';
import { gibibytes, percent, seconds } from '../../src/model/index.js';
import {
  type Action,
  type Choice,
  type Collection,
  type Comparison,
  type Condition,
  type GuestTerm,
  type HostTerm,
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

expectTypeOf(typed).toEqualTypeOf<WrittenPolicy>();
expectTypeOf(typed).toExtend<Policy>();
// @ts-expect-error [ts2345] a policy has a name and a body
policy(({ when }) => when);
