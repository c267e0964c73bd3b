/** Resources that a guest takes by what it was given, whatever it does with it: memory, vCPUs, a place on the host. */
import { measure } from '../../metrics/index.js';
import { type Guest, guestMemory, type Host } from '../../model/index.js';
import type { Resource } from './load.js';

/** Nothing is read for it. */
const unread = (name: string): Resource['measure'] => measure(name, () => undefined);

/** A resource that is given, not measured. */
const given = (name: string, granted: (guest: Guest) => number, capacity: (host: Host) => number): Resource => ({
  name,
  measure: unread(`${name} given`),
  granted,
  taken: (amount) => amount,
  capacity,
  unit: 'fraction',
});

/** Memory given to guests, as a share of what the host has for them (W18, W40). */
export const memoryGranted: Resource = given('memory', ({ memory }) => memory, guestMemory);

/** vCPUs given to guests, as a share of the host's cores; above 1 where the host is over-committed. */
export const vcpusGranted: Resource = given(
  'vcpus',
  ({ vcpus }) => vcpus,
  ({ cpu }) => cpu.cores,
);

/**
 * Guests, each one place of so many that a host has.
 *
 * @param places - places of every host, or of each
 */
export const guestPlaces = (places: number | ((host: Host) => number)): Resource =>
  given(
    'guests',
    () => 1,
    (host) => (typeof places === 'number' ? places : places(host)),
  );
