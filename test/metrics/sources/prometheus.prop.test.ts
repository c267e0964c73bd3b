import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { prometheus, prometheusHistory } from '../../../src/metrics/index.js';

const folder = new URL('../../fixtures/prometheus/', import.meta.url);
const answers = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

const server =
  (body: string): typeof fetch =>
  () =>
    Promise.resolve(new Response(body));

const noNaN = (value: unknown): void => {
  expect(JSON.stringify(value, (_, part: unknown) => (Number.isNaN(part) ? 'not a number' : part))).not.toContain(
    'not a number',
  );
};

describe('any answer of a Prometheus server', () => {
  test('cut at any place is a bad input', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...answers), fc.double({ min: 0, max: 1, noNaN: true }), async (body, share) => {
        const cut = body.slice(0, Math.floor(share * (body.trimEnd().length - 1)));
        const seen = await firstValueFrom(prometheus({ url: 'http://fake', fetch: server(cut) }).pipe(take(1)));
        expect(seen.kind).toBe('bad-input');
      }),
    );
  });

  test('to every query ends in samples and bad inputs without a NaN, whatever it is an answer to', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constantFrom(...answers), fc.json(), fc.string()), async (body) => {
        const seen = await lastValueFrom(
          prometheusHistory({ url: 'http://fake', fetch: server(body), from: 0, to: 1, step: 1 }).pipe(toArray()),
          { defaultValue: [] },
        );
        noNaN(seen);
      }),
    );
  });
});
