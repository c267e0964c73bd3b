/** When: the three rules that must all hold for a guest at the same evaluation, as reasons. */
import { survival, thesisCompletion } from '../../estimators/index.js';
import {
  type BytesPerSecond,
  compare,
  guestSubject,
  holds,
  type Host,
  lookFor,
  type Milliseconds,
  type NetworkRole,
  type Reason,
  unknown,
} from '../../model/index.js';
import type { MudaRules } from './settings.js';
import { type MudaGuest, usesOfGuest } from './watch.js';

/** Bandwidth of a host's network of a role, as measured at start-up (M7). */
export const bandwidthOf = ({ networks }: Pick<Host, 'networks'>, role: NetworkRole): BytesPerSecond | undefined =>
  networks.find((network) => network.role === role)?.bandwidth;

/** Rule 1 (M12, M14): the load average rises, and is above the number of vCPUs. */
const loaded = (_: MudaRules, { id, vcpus, signals }: MudaGuest): readonly Reason[] => {
  const common = { rule: 'muda.load', subject: guestSubject(id) };
  return [
    signals.trend === undefined
      ? unknown({ ...common, measure: 'trend of load', why: 'not measured' })
      : lookFor({ ...common, measure: 'trend of load', value: signals.trend, among: ['rising'] }),
    signals.load === undefined
      ? unknown({ ...common, measure: 'load', why: 'not measured' })
      : compare({
          ...common,
          measure: 'load',
          value: signals.load,
          relation: 'above',
          limit: vcpus,
          unit: 'count',
        }),
  ];
};

/** Rule 2 (M13): a process, or waiting for disks, over its bound for long enough. One spell that is long enough is enough. */
const inUse = (rules: MudaRules, guest: MudaGuest): readonly Reason[] => {
  const common = { rule: 'muda.use', subject: guestSubject(guest.id) };
  const uses = usesOfGuest(rules, guest);
  if (uses === undefined) return [unknown({ ...common, measure: 'cpu of a process, iowait', why: 'not measured' })];
  const reasons = uses.map(({ measure, held }) =>
    compare({
      ...common,
      measure: `time with ${measure} over its bound`,
      value: held,
      relation: 'at least',
      limit: rules.use.for,
      unit: 'milliseconds',
    }),
  );
  const long = reasons.filter(holds);
  return long.length > 0 ? long : reasons;
};

/** How long the resource has been in use: the longest spell. */
const ageOf = (rules: MudaRules, guest: MudaGuest): Milliseconds =>
  Math.max(0, ...(usesOfGuest(rules, guest) ?? []).map(({ held }) => held));

/** Rule 3 (M15, M17): in use for longer than a move is expected to take, or likely to stay in use for as long. */
const longEnough = (rules: MudaRules, guest: MudaGuest, from: Host): readonly Reason[] => {
  const { reading, ceiling = Infinity, chance, life } = rules.length;
  const common = { rule: 'muda.length', subject: guestSubject(guest.id) };
  const bandwidth = bandwidthOf(from, 'migration');
  if (bandwidth === undefined)
    return [unknown({ ...common, measure: `migration bandwidth of ${from.id}`, why: 'not measured' })];
  const { active } = guest.signals;
  if (active === undefined)
    return [unknown({ ...common, measure: 'memory of the active processes', why: 'not measured' })];
  const completion = thesisCompletion(guest.memory, active, Math.min(bandwidth, ceiling));
  const age = ageOf(rules, guest);
  return [
    reading === 'past'
      ? compare({
          ...common,
          measure: 'time in use against the time of a move',
          value: age,
          relation: 'above',
          limit: completion,
          unit: 'milliseconds',
        })
      : compare({
          ...common,
          measure: `chance to be in use for another ${Math.round(completion)} ms`,
          value: survival(life(guest, age), completion),
          relation: 'at least',
          limit: chance,
          unit: 'fraction',
        }),
  ];
};

/** All three rules, tested together (M19). */
export const whetherNow = (rules: MudaRules, guest: MudaGuest, from: Host): readonly Reason[] => [
  ...loaded(rules, guest),
  ...inUse(rules, guest),
  ...longEnough(rules, guest, from),
];
