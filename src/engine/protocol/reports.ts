/** Reports: samples that a client sent, kept or refused with the reason (M10). */
import { type BadInput, type BadInputProblem, type Milliseconds, printable, type Sample } from '../../model/index.js';
import { partyName, type Party } from './messages.js';
import { guestEntry, placeOf, reportsOf, withReport } from './registry.js';
import { retention } from './settings.js';
import { type Change, changed, forEach, type ServerState } from './state.js';

/** A guest reports of itself; a host of itself and of the guests that stand on it. */
const mayReport = ({ registry }: ServerState, sender: Party, sample: Sample): boolean => {
  if (sample.kind === sender.kind) return sample.id === sender.id;
  return (
    sender.kind === 'host' &&
    sample.kind === 'guest' &&
    guestEntry(registry, sample.id) !== undefined &&
    placeOf(registry, sample.id) === sender.id
  );
};

const problem = (
  state: ServerState,
  sender: Party,
  sample: Sample,
  at: Milliseconds,
): readonly [BadInputProblem, string] | undefined => {
  if (!mayReport(state, sender, sample))
    return ['unknown subject', `${partyName(sender)} may not report of ${sample.kind} ${sample.id}`];
  const last = reportsOf(state.registry, sample).at(-1)?.at;
  const { clockSkew } = state.settings;
  if (sample.at > at + clockSkew) return ['from the future', `${sample.at} is more than ${clockSkew} ms past ${at}`];
  if (last !== undefined && sample.at === last) return ['duplicate', `${sample.at} was reported before`];
  if (last !== undefined && sample.at < last) return ['out of order', `${sample.at} is before ${last}`];
  return undefined;
};

/** Keeps the samples that a client sent. One that is refused is an event and changes nothing. */
export const keepReports = (state: ServerState, sender: Party, samples: readonly Sample[], at: Milliseconds): Change =>
  forEach(state, samples, (so, sample) => {
    const wrong = problem(so, sender, sample, at);
    if (wrong) {
      const bad: BadInput = {
        kind: 'bad-input',
        source: partyName(sender),
        place: `${sample.kind} ${sample.id}`,
        problem: wrong[0],
        message: wrong[1],
        value: printable(sample),
      };
      return changed(so, { ...bad, at });
    }
    const next = { ...so, registry: withReport(so.registry, sample, retention(so.settings)) };
    return sample.kind === 'guest' ? changed(next, { kind: 'examine', at, guest: sample.id }) : changed(next);
  });
