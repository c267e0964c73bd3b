/** Samples: readings of the hosts, and of the guests where they stand. */
import {
  concatMap,
  defer,
  EMPTY,
  exhaustMap,
  forkJoin,
  from,
  map,
  merge,
  type Observable,
  of,
  timer,
  withLatestFrom,
} from 'rxjs';
import { localLinux } from '../../metrics/index.js';
import type { GuestId, GuestSample, HostId, HostSample, Milliseconds, Reading } from '../../model/index.js';
import { type GuestLook, lookAt, processorsUsed, type VcpuTicks } from './guest-readings.js';
import type { QemuSettings } from './options.js';
import type { Places } from './places.js';
import { remoteFiles } from './remote-files.js';
import type { Standings } from './stock.js';

/** Samples of the machines, each by its `/proc`. */
const machines = ({ hosts, every, scheduler, deadline }: QemuSettings): Observable<Reading> =>
  merge(
    ...[...hosts.values()].flatMap(({ host, samples = 'machine', files, run }) =>
      samples === 'machine'
        ? [
            localLinux({
              subject: { kind: 'host', id: host.id },
              every,
              scheduler,
              processes: 0,
              files: files ?? remoteFiles(run, deadline),
            }),
          ]
        : [],
    ),
  );

/** Longest share that two looks a moment apart may differ from the clock by. */
const whole = (share: number): number => Math.min(1, Math.max(0, share));

const guestSample = (
  { place: { guest }, used, dirty }: GuestLook,
  processors: number | undefined,
  vcpus: number,
  now: Milliseconds,
): readonly GuestSample[] =>
  processors === undefined && dirty === undefined
    ? []
    : [
        {
          kind: 'guest',
          id: guest,
          at: used?.at ?? now,
          ...(processors === undefined ? {} : { cpu: { used: whole(processors / vcpus) } }),
          ...(dirty === undefined ? {} : { dirty }),
        },
      ];

/** What the guests of a host use of its processors; not known as long as one of them is not. */
const hostSamples = (
  { hosts }: QemuSettings,
  where: Standings,
  used: ReadonlyMap<GuestId, number | undefined>,
  at: Milliseconds,
): readonly HostSample[] =>
  [...hosts.values()].flatMap(({ host, samples }): readonly HostSample[] => {
    if (samples !== 'guests') return [];
    const its = [...where].flatMap(([guest, on]) => (on === host.id ? [used.get(guest)] : []));
    const known = its.flatMap((processors) => processors ?? []);
    if (known.length < its.length) return [];
    const sum = known.reduce((total, processors) => total + processors, 0);
    return [{ kind: 'host', id: host.id, at, cpu: { used: whole(sum / host.cpu.threads) } }];
  });

const guestsOf = (settings: QemuSettings, places: Places, located: Observable<Standings>): Observable<Reading> =>
  defer(() => {
    const { every, scheduler, deadline, guests } = settings;
    let last: ReadonlyMap<GuestId, { readonly host: HostId; readonly used: VcpuTicks }> = new Map();
    return timer(0, every, scheduler).pipe(
      withLatestFrom(located),
      exhaustMap(([, where]) => {
        const all = [...where].flatMap(([guest, host]) => places(guest, host) ?? []);
        const looks = all.map((place) =>
          lookAt(place, place.site.files ?? remoteFiles(place.site.run, deadline), settings),
        );
        return (looks.length === 0 ? of([]) : forkJoin(looks)).pipe(map((found) => ({ where, found })));
      }),
      concatMap(({ where, found }) => {
        const before = last;
        last = new Map(
          found.flatMap(({ place: { guest, host }, used }) => (used ? [[guest, { host, used }] as const] : [])),
        );
        const used = new Map(
          found.map(({ place: { guest, host }, used: now }) => {
            const then = before.get(guest);
            return [guest, processorsUsed(then?.host === host ? then.used : undefined, now)] as const;
          }),
        );
        const now = scheduler.now();
        return from<readonly Reading[]>([
          ...found.flatMap(({ bad }) => bad),
          ...found.flatMap((look) =>
            guestSample(look, used.get(look.place.guest), guests.get(look.place.guest)?.vcpus ?? 1, now),
          ),
          // The first look is nobody's rate.
          ...(before.size === 0 && found.length > 0 ? [] : hostSamples(settings, where, used, now)),
        ]);
      }),
    );
  });

/** Readings of all hosts and guests. Cold; never completes. Errors only where `located` does. */
export const samplesOf = (
  settings: QemuSettings,
  places: Places,
  located: Observable<Standings>,
): Observable<Reading> =>
  merge([...settings.hosts.values()].length === 0 ? EMPTY : machines(settings), guestsOf(settings, places, located));
