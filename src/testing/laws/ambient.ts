/** Laws of what a policy may not ask: the clock of the machine, and chance. Both are watched while it plans. */
import type { Law } from '../law.js';

interface Asked {
  readonly clock: readonly string[];
  readonly dice: readonly string[];
}

type Method = (...given: readonly unknown[]) => unknown;

/** Puts a watch on one method of an object, and gives how to take it off again. Methods that the platform lacks are left. */
const watchedMethod = (owner: object | undefined, name: string, tell: () => void): (() => void) => {
  const was = owner && Object.getOwnPropertyDescriptor(owner, name);
  // The property is read by name, so its type is not known; what is no function is left alone.
  const method = owner && (owner as Readonly<Record<string, unknown>>)[name];
  if (!owner || typeof method !== 'function') return () => undefined;
  const watched: Method = (...given) => {
    tell();
    return Reflect.apply(method, owner, given);
  };
  Object.defineProperty(owner, name, { value: Object.assign(watched, method), configurable: true, writable: true });
  return () => {
    if (was) Object.defineProperty(owner, name, was);
    else Reflect.deleteProperty(owner, name);
  };
};

/** Puts a watch on `new Date()` and `Date()`; a date made from a number asks nothing. */
const watchedDate = (tell: (what: string) => void): (() => void) => {
  const was = globalThis.Date;
  globalThis.Date = new Proxy(was, {
    construct: (target, given, as) => {
      if (given.length === 0) tell('new Date()');
      // What a constructor of dates gives is an object.
      return Reflect.construct(target, given, as) as object;
    },
    apply: (target, self, given) => {
      tell('Date()');
      const told: unknown = Reflect.apply(target, self, given);
      return told;
    },
  });
  return () => {
    globalThis.Date = was;
  };
};

/** What was asked of the machine while something was done. The watches are gone when it is over, also where it throws. */
const askedDuring = (act: () => unknown): Asked => {
  const [clock, dice] = [new Set<string>(), new Set<string>()];
  const undo = [
    watchedMethod(globalThis.Date, 'now', () => clock.add('Date.now()')),
    watchedDate((what) => clock.add(what)),
    watchedMethod(globalThis.performance, 'now', () => clock.add('performance.now()')),
    watchedMethod(globalThis.process, 'hrtime', () => clock.add('process.hrtime()')),
    watchedMethod(globalThis.process, 'uptime', () => clock.add('process.uptime()')),
    watchedMethod(Math, 'random', () => dice.add('Math.random()')),
    watchedMethod(globalThis.crypto, 'getRandomValues', () => dice.add('crypto.getRandomValues()')),
    watchedMethod(globalThis.crypto, 'randomUUID', () => dice.add('crypto.randomUUID()')),
  ];
  try {
    act();
  } catch {
    // That it throws is a breach of another law.
  } finally {
    for (const back of undo.reverse()) back();
  }
  return { clock: [...clock], dice: [...dice] };
};

/** It does not ask the machine for the time: a snapshot says when it was taken. */
export const asksNoClock: Law = (policy, cluster) =>
  askedDuring(() => policy.plan(cluster)).clock.map((what) => `it reads the clock: ${what}`);

/** It throws no dice. */
export const throwsNoDice: Law = (policy, cluster) =>
  askedDuring(() => policy.plan(cluster)).dice.map((what) => `it leaves something to chance: ${what}`);
