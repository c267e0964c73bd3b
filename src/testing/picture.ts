/** Picture: a cluster in a few lines that a person takes in at a glance, for counter-examples. */
import { type Cluster, guestMemory, type Knowledge, lookup, type SignalValues } from '../model/index.js';

const gib = (bytes: number): string => `${Math.round((bytes / 1024 ** 3) * 100) / 100} GiB`;

const knowledgeText = ({ kind }: Knowledge): readonly string[] => (kind === 'fresh' ? [] : [kind]);

const valueText = (value: unknown): string =>
  value === undefined
    ? 'unknown'
    : typeof value === 'number'
      ? String(Math.round(value * 1e4) / 1e4)
      : JSON.stringify(value);

const signalTexts = (signals: SignalValues): readonly string[] =>
  Object.entries(signals).map(([name, value]) => `${name} ${valueText(value)}`);

/**
 * A cluster as text, a line for each host, guest and move in flight.
 *
 * @example
 * console.log(pictureOf(cluster));
 * // host-a  4 cores, 3 of 15 GiB free
 * //   guest-a0  4 GiB, cpu 0.5
 */
export const pictureOf = (cluster: Cluster): string => {
  const { guestsOn, freeMemory } = lookup(cluster);
  const known = new Set(cluster.hosts.map(({ id }) => id));
  const guestLine = (guest: Cluster['guests'][number]): string =>
    `  ${guest.id}  ${[
      gib(guest.memory),
      ...(guest.vcpus === 1 ? [] : [`${guest.vcpus} vCPUs`]),
      ...signalTexts(guest.signals),
      ...knowledgeText(guest.knowledge),
      ...guest.together.map((group) => `together ${group}`),
      ...guest.apart.map((group) => `apart ${group}`),
      ...(guest.pins.length > 0 ? [`only on ${guest.pins.join(', ')}`] : []),
      ...guest.devices.map((device) => `needs ${device}`),
      ...(guest.migratable ? [] : ['not to be moved']),
    ].join(', ')}`;
  return [
    ...cluster.hosts.flatMap((host) => [
      `${host.id}  ${[
        `${host.cpu.cores} cores`,
        `${gib(freeMemory(host.id))} of ${gib(guestMemory(host))} free`,
        ...signalTexts(host.signals),
        ...knowledgeText(host.knowledge),
        ...(host.state === 'active' ? [] : [host.state]),
      ].join(', ')}`,
      ...guestsOn(host.id).map(guestLine),
    ]),
    ...cluster.guests.filter(({ host }) => !known.has(host)).map(guestLine),
    ...cluster.migrations.map(({ guest, from, to }) => `in flight: ${guest} ${from} → ${to}`),
    ...cluster.past.map(
      ({ guest, from, to, endedAt, ending: { result } }) =>
        `past: ${guest} ${from} → ${to}, ${result} ${Math.round((cluster.at - endedAt) / 1000)} s ago`,
    ),
  ].join('\n');
};
