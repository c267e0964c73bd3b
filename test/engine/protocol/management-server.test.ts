import { Subject, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, test } from 'vitest';
import {
  type Decide,
  managementServer,
  type Message,
  type Received,
  type Reply,
  type ServerEvent,
} from '../../../src/engine/protocol/index.js';
import { aGuest, aHost } from './world.js';

const hostSays = (id: string): Message => ({
  kind: 'register host',
  sender: { kind: 'host', id },
  incarnation: 1,
  sequence: 1,
  host: aHost(id),
});
const guestSays: Message = {
  kind: 'register guest',
  sender: { kind: 'guest', id: 'g' },
  incarnation: 1,
  sequence: 1,
  guest: aGuest('g', 'a'),
};
const report: Message = {
  kind: 'report guest',
  sender: { kind: 'guest', id: 'g' },
  incarnation: 1,
  sequence: 2,
  session: 7,
  samples: [{ kind: 'guest', id: 'g', at: 0 }],
  host: 'a',
};

const served = (decide: Decide = () => undefined) => {
  const scheduler = new VirtualTimeScheduler();
  const incoming = new Subject<Received<string>>();
  const events: ServerEvent[] = [];
  const replies: [string, Reply][] = [];
  let ended = false;
  const server$ = managementServer({
    transport: {
      received: () => incoming,
      reply: (channel, reply) => {
        replies.push([channel, reply]);
      },
    },
    decide,
    session: 7,
    scheduler,
  });
  const start = (): (() => void) => {
    const subscription = server$.subscribe({ next: (event) => events.push(event), complete: () => (ended = true) });
    return () => subscription.unsubscribe();
  };
  const say = (message: unknown, channel = 'x'): void => incoming.next({ channel, message });
  const until = (time: number): void => {
    scheduler.maxFrames = time;
    scheduler.flush();
  };
  return { scheduler, incoming, events, replies, start, say, until, ended: () => ended };
};

describe('the management server over a transport', () => {
  test('M4 listens to nobody before somebody subscribes, and to nobody after', () => {
    const { incoming, start, scheduler } = served();
    expect(incoming.observed).toBe(false);
    const stop = start();
    expect(incoming.observed).toBe(true);
    stop();
    expect([incoming.observed, scheduler.actions.filter(({ closed }) => !closed)]).toEqual([false, []]);
  });

  test('M4 M6 answers on the way on which it was asked', () => {
    const { start, say, replies } = served();
    start();
    say(hostSays('a'), 'socket 1');
    expect(replies).toEqual([
      [
        'socket 1',
        { to: { kind: 'host', id: 'a' }, incarnation: 1, sequence: 1, session: 7, body: { kind: 'registered' } },
      ],
    ]);
  });

  test('M10 M19 asks for a decision when new statistics of a guest arrive, and marks what is decided', () => {
    const asked: string[] = [];
    const { start, say, events } = served((guest) => {
      asked.push(guest);
      return { guest, to: 'b' };
    });
    start();
    [hostSays('a'), hostSays('b'), guestSays, report].forEach((message) => say(message));
    expect(asked).toEqual(['g']);
    expect(events.at(-1)).toMatchObject({ kind: 'state', from: 'none', to: 'should be migrating', origin: 'decision' });
    say({ ...report, sequence: 3, samples: [{ kind: 'guest', id: 'g', at: 1 }] });
    expect(asked).toEqual(['g']);
  });

  test('M34 time alone lets a silent host depart', () => {
    const { start, say, until, events } = served();
    start();
    say(hostSays('a'));
    until(31_000);
    expect(events).toContainEqual({ kind: 'departed', at: 30_000, host: 'a', planned: false });
  });

  test('a message that is none is an event, is answered where it says who sent it, and harms nobody', () => {
    const { start, say, events, replies } = served();
    start();
    say('nonsense');
    say({ ...hostSays('a'), host: {} });
    say(hostSays('b'));
    expect(events.map(({ kind }) => kind)).toEqual(['bad-input', 'bad-input', 'registered']);
    expect(replies.map(([, { body }]) => body.kind)).toEqual(['malformed', 'registered']);
  });

  test('ends when the transport ends', () => {
    const { start, incoming, ended, scheduler } = served();
    start();
    incoming.complete();
    expect([ended(), scheduler.actions.filter(({ closed }) => !closed)]).toEqual([true, []]);
  });

  test('an option that is out of range fails at subscription and names its path', () => {
    let problem: unknown;
    managementServer({
      transport: { received: () => new Subject<Received<never>>(), reply: () => undefined },
      decide: () => undefined,
      protocol: { silence: 0 },
    }).subscribe({ error: (error: unknown) => (problem = error) });
    expect(String(problem)).toContain('protocol.silence');
  });
});
