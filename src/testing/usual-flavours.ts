/** Usual flavours: on which clusters a policy is tried where nobody says: also on computing ones if it looks at what these tell. */
import { type AnySignal, foldSignal, type Watch } from '../metrics/index.js';
import { gibibytes, type Sample, seconds } from '../model/index.js';
import type { Flavour } from './flavours.js';

/** A guest's minute, with its load and its processes or without. */
const minuteOf = (told: boolean): readonly Sample[] =>
  Array.from({ length: 13 }, (_, n) => ({
    kind: 'guest',
    id: 'guest',
    at: n * seconds(5),
    cpu: { used: 0.9, user: 0.9, system: 0, iowait: 0, steal: 0, idle: 0.1 },
    ...(told && {
      load: { one: 1 + n / 4, five: 1, fifteen: 1 },
      processes: [{ name: 'encoder', cpu: 0.9, memory: gibibytes(1) }],
    }),
  }));

/** Whether a signal says something else where loads and processes are told. */
const looksAtThem = (signal: AnySignal): boolean => {
  const [bare, told] = [false, true].map((all) => JSON.stringify(foldSignal(signal, minuteOf(all))));
  return bare !== told;
};

/**
 * The flavours that a policy is tried on: small, hostile and realistic clusters, which tell neither loads nor processes; and computing ones
 * if it watches these, since all laws would else hold of it for want of anything to decide.
 */
export const usualFlavours = ({ guest = {} }: Watch): readonly Flavour[] => [
  'small',
  'hostile',
  'realistic',
  ...(Object.values(guest).some(looksAtThem) ? (['computing'] as const) : []),
];
