/** Explanations as data, Markdown and HTML, and the question why not. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Cluster,
  compare,
  explainPlan,
  explainPlanInHtml,
  explainPlanInMarkdown,
  explanationOf,
  guestSubject,
  holds,
  hostSubject,
  minutes,
  nothing,
  percent,
  type Plan,
  type Reason,
  relates,
  sayReason,
  sayWhyNot,
  seconds,
  whyNot,
  wholeCluster,
} from '../../src/model/index.js';
import { cslb, damped, evacuate } from '../../src/policies/index.js';
import { clusters } from '../../src/testing/index.js';
import { cluster, guest, host, now } from '../policies/build.js';

const busy = (id: string): Reason =>
  compare({
    rule: 'hot',
    subject: hostSubject(id),
    measure: 'cpu',
    value: 0.93,
    relation: 'above',
    limit: 0.8,
    unit: 'fraction',
  });
const cool = (id: string): Reason =>
  compare({
    rule: 'light',
    subject: hostSubject(id),
    measure: 'cpu',
    value: 0.7,
    relation: 'below',
    limit: 0.3,
    unit: 'fraction',
  });

const plan: Plan = {
  moves: [{ guest: 'web', from: 'a', to: 'c', because: [busy('a')] }],
  passedOver: [
    { subject: guestSubject('web'), to: 'b', because: [cool('b')] },
    { subject: guestSubject('db'), because: [busy('a')] },
    { subject: guestSubject('db'), to: 'c', because: [cool('c')] },
    { subject: hostSubject('d'), because: [cool('d')] },
  ],
};

describe('why a guest does not go to a host', () => {
  test.each([
    ['web', 'c', 'it goes', 'it goes there: a cpu 93 % above 80 %'],
    ['web', 'b', 'it goes elsewhere', 'it goes elsewhere, to c: b cpu 70 % not below 30 %'],
    ['web', 'd', 'it goes elsewhere', 'it goes elsewhere, to c: d cpu 70 % not below 30 %'],
    ['web', 'e', 'it goes elsewhere', 'it goes elsewhere, to c'],
    ['db', 'c', 'refused there', 'refused there: c cpu 70 % not below 30 %'],
    ['db', 'b', 'left alone', 'it was left alone: a cpu 93 % above 80 %'],
    ['mail', 'd', 'host passed over', 'the host was passed over: d cpu 70 % not below 30 %'],
    ['mail', 'b', 'not considered', 'it was not considered'],
  ])('%s to %s: %s', (guestId, hostId, kind, text) => {
    const answer = whyNot(plan, guestId, hostId);
    expect(answer.kind).toBe(kind);
    expect(sayWhyNot(answer)).toBe(text);
  });

  test('a plan that moves nothing says so for any pair', () => {
    const still = nothing({ subject: wholeCluster, because: [busy('a')] });
    expect(whyNot(still, 'web', 'c').kind).toBe('nothing moves');
  });

  test('has an answer with evidence for every guest and host of a policy of ours that considered them', () => {
    const policy = cslb({ light: percent(40), heavy: percent(60) });
    fc.assert(
      fc.property(clusters({ watch: policy.watch }), (of) => {
        const made = policy.plan(of);
        for (const { id } of of.guests)
          for (const { id: to } of of.hosts) {
            const answer = whyNot(made, id, to);
            const move = made.moves.find((one) => one.guest === id);
            expect(answer.kind === 'it goes').toBe(move?.to === to);
            if ('because' in answer && answer.kind !== 'it goes elsewhere')
              expect(answer.because.some((reason) => !holds(reason))).toBe(true);
          }
      }),
      { numRuns: 40 },
    );
  });
});

describe('an explanation', () => {
  const of: Cluster = cluster(
    [host('a', { knowledge: { kind: 'fresh', at: now - seconds(3) } }), host('b', { knowledge: { kind: 'unseen' } })],
    [guest('web', 'a')],
  );

  test('tells the age of the sample behind each number', () => {
    const [move] = explanationOf(plan, of).moves;
    expect(move?.evidence).toEqual([{ reason: busy('a'), sampledAt: now - seconds(3), age: seconds(3) }]);
    expect(explainPlan(plan, of)).toContain('a cpu 93 % above 80 %, sampled 3.0 s ago');
  });

  test('tells no age of what was never seen', () => {
    expect(explanationOf(plan, of).moves[0]?.refusals[0]?.evidence).toEqual([{ reason: cool('b') }]);
  });

  test('in Markdown is a list of moves and of what was left alone', () => {
    expect(explainPlanInMarkdown(plan)).toBe(
      [
        '- move **web** from **a** to **c**',
        '  - a cpu 93 % above 80 %',
        String.raw`  - passed over **b**: cpu 70 % not below 30 %`,
        '- leave **db**',
        '  - a cpu 93 % above 80 %',
        '  - passed over **c**: cpu 70 % not below 30 %',
        '- leave **d**',
        '  - cpu 70 % not below 30 %',
        '',
      ].join('\n'),
    );
    expect(explainPlanInMarkdown(nothing())).toBe('No move.\n\n');
  });

  test('in HTML is a list, in which no name becomes markup', () => {
    const evil = `<img src=x onerror="alert('1')">&`;
    const html = explainPlanInHtml({
      moves: [{ guest: evil, from: 'a', to: evil, because: [busy(evil)] }],
      passedOver: [{ subject: guestSubject('x'), to: evil, because: [cool('b')] }],
    });
    expect(html).not.toContain('<img');
    expect(html.match(/<[^>]*>/g)?.every((tag) => /^<\/?(ul|li|strong)( class="plan")?>$/.test(tag))).toBe(true);
    expect(html).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;');
    expect(explainPlanInHtml(nothing())).toBe('<ul class="plan"><li>No move.</li></ul>');
  });

  test('in Markdown takes names literally', () => {
    const text = explainPlanInMarkdown({
      moves: [{ guest: '[x](http://evil)', from: '<b>', to: '`c`', because: [] }],
      passedOver: [],
    });
    expect(text).toContain('**\\[x\\]\\(http://evil\\)** from **\\<b\\>** to **\\`c\\`**');
  });

  test('holds every number as it was compared, and alone suffices to come to each verdict again', () => {
    const policies = [
      cslb({ light: percent(40), heavy: percent(60) }),
      evacuate(),
      damped(evacuate(), { guest: minutes(30) }),
    ];
    for (const policy of policies)
      fc.assert(
        fc.property(clusters({ watch: policy.watch }), (of2) => {
          const made = policy.plan(of2);
          // As it would come out of a log, without the cluster or the policy.
          const told = JSON.parse(JSON.stringify(explanationOf(made, of2))) as ReturnType<typeof explanationOf>;
          const evidence = [
            ...told.moves.flatMap((one) => [...one.evidence, ...one.refusals.flatMap((refusal) => refusal.evidence)]),
            ...told.left.flatMap((one) => [...one.evidence, ...one.refusals.flatMap((refusal) => refusal.evidence)]),
          ];
          const text = explainPlan(made);
          for (const { reason } of evidence) {
            if (reason.kind === 'compared')
              expect(reason.holds).toBe(relates(reason.value, reason.relation, reason.limit));
            if (reason.kind === 'listed') expect(reason.holds).toBe(reason.among.includes(reason.value));
            const about = 'subject' in reason ? { about: reason.subject } : {};
            expect(text).toContain(sayReason(reason, about));
          }
        }),
        { numRuns: 30 },
      );
  });
});
