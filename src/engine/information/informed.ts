/** Informed: a driver whose hosts report by a rule of their own: what they do not report, nobody knows. */
import { asyncScheduler, Observable, type SchedulerLike, Subject, Subscription } from 'rxjs';
import * as z from 'zod';
import type { Driver } from '../../drivers/index.js';
import type { Fraction, HostId, Inventory, Milliseconds, Reading, Sample } from '../../model/index.js';
import { type Bounds, cpuCycles, type Resource, settingsOf } from '../../policies/index.js';
import { type Central, heard, knowing, newCentral, type ThresholdRule } from './central.js';
import { bounded, housing, measured, newNode, type Node, type Report, reporting } from './node.js';
import type { ReportRule } from './report-rule.js';

/** How hosts report, and by which thresholds they classify themselves. */
export interface InformationSettings {
  /** When a host reports. */
  readonly rule: ReportRule;
  /**
   * Thresholds that move with the average of the loads reported; the scheduler sends them to every host, which puts itself
   * into a group by them and reports it (W11). Left out: hosts report loads without a group.
   */
  readonly moving?: { readonly below?: Fraction; readonly above?: Fraction; readonly staleAfter: Milliseconds };
  /** What loads are made of. @defaultValue processor cycles */
  readonly resource?: Resource;
  /** Clock of the hosts. @defaultValue that of the machine */
  readonly scheduler?: SchedulerLike;
}

/** A message between a host and the scheduler. */
export type InformationMessage =
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'thresholds'; readonly to: HostId; readonly bounds: Bounds };

/** A driver with hosts that report by a rule. */
export interface InformedDriver extends Driver {
  /** Every message that hosts and scheduler send, as long as samples are subscribed to. */
  readonly messages: Observable<InformationMessage>;
}

const isRule = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'due' in value && typeof value.due === 'function';
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
const optional = z.exactOptional;

const schema = /* @__PURE__ */ z.strictObject({
  rule: /* @__PURE__ */ z.custom<ReportRule>(isRule, 'must be a rule of reports'),
  moving: /* @__PURE__ */ optional(
    /* @__PURE__ */ z.strictObject({
      below: /* @__PURE__ */ z.number().min(0).max(1).default(0.2),
      above: /* @__PURE__ */ z.number().nonnegative().default(0.2),
      staleAfter: /* @__PURE__ */ z.number().positive(),
    }),
  ),
  resource: /* @__PURE__ */ z.custom<Resource>(isObject, 'must be a resource').default(cpuCycles),
  scheduler: /* @__PURE__ */ optional(/* @__PURE__ */ z.custom<SchedulerLike>(isObject, 'must be a scheduler')),
});

/** The hosts as nodes, for one subscriber. */
const run = (
  driver: Driver,
  { rule, resource, moving, scheduler }: z.output<typeof schema>,
  messages: Subject<InformationMessage>,
  tell: (reading: Reading) => void,
  failed: (thrown: unknown) => void,
): Subscription => {
  const clock = scheduler ?? asyncScheduler;
  const all = new Subscription();
  const nodes = new Map<HostId, Node>();
  const hostOf = new Map<string, HostId>();
  let central: Central = newCentral;
  let awake = new Set<HostId>();

  const know = ({ hosts, guests }: Inventory): void => {
    const listed = new Set(hosts.map(({ id }) => id));
    for (const id of nodes.keys()) if (!listed.has(id)) nodes.delete(id);
    central = knowing(central, listed);
    hostOf.clear();
    for (const { id, host } of guests) hostOf.set(id, host);
    for (const host of hosts) {
      const here = guests.filter((guest) => guest.host === host.id);
      const node = nodes.get(host.id);
      nodes.set(host.id, node ? housing(node, host, here) : newNode(host, here));
    }
  };

  const send = (bounds: Bounds): void => {
    for (const [to, node] of nodes) {
      nodes.set(to, bounded(node, bounds));
      messages.next({ kind: 'thresholds', to, bounds });
    }
  };

  const hear = (report: Report, thresholds: ThresholdRule | undefined): void => {
    messages.next({ kind: 'report', report });
    report.samples.forEach(tell);
    if (!thresholds) return;
    const answer = heard(central, report, thresholds, resource);
    central = answer.central;
    if (answer.send) send(answer.send);
  };

  /** Each host looks at itself once all the samples of an instant are in, and not after each of them. */
  const wake = (): void => {
    const looking = awake;
    awake = new Set();
    const reports: Report[] = [];
    for (const id of looking) {
      const before = nodes.get(id);
      if (!before) continue;
      const { node, report } = reporting(before, rule, resource);
      nodes.set(id, node);
      if (report) reports.push(report);
    }
    for (const report of reports) hear(report, moving);
  };

  const take = (sample: Sample): void => {
    const id = sample.kind === 'host' ? sample.id : hostOf.get(sample.id);
    const node = id === undefined ? undefined : nodes.get(id);
    if (id === undefined || !node) {
      // Of nobody's node: whoever takes it in will say so.
      tell(sample);
      return;
    }
    nodes.set(id, measured(node, sample));
    if (awake.size === 0) all.add(clock.schedule(wake));
    awake.add(id);
  };

  all.add(driver.inventory().subscribe({ next: know, error: failed }));
  all.add(
    driver.samples().subscribe({
      next: (reading) => (reading.kind === 'bad-input' ? tell(reading) : take(reading)),
      error: failed,
    }),
  );
  return all;
};

/**
 * A driver whose hosts report by a rule (the information policy of W8, both report modes of W11). Each host adds up its own load
 * at every sample, and passes its samples and those of its guests on only when the rule asks for it. Unreported samples are
 * old information: to the engine a host that says nothing for `staleAfter` is stale, and causes no move.
 *
 * All but the samples is the driver's own.
 *
 * @example
 * const quiet = informed(driver, { rule: whichever(onChange(), atInterval(minutes(1))) });
 * engine({ driver: quiet, policy: cslb({ moving: {} }), every: seconds(10), staleAfter: minutes(2) });
 * @throws SettingsError with the path and the rule of every value that is wrong
 */
export const informed = (driver: Driver, settings: InformationSettings): InformedDriver => {
  const checked = settingsOf('informed', schema, settings);
  const messages = new Subject<InformationMessage>();
  return {
    name: driver.name,
    inventory: () => driver.inventory(),
    migrate: (order) => driver.migrate(order),
    steer: (migration, action) => driver.steer(migration, action),
    inFlight: () => driver.inFlight(),
    follow: (migration) => driver.follow(migration),
    messages: messages.asObservable(),
    samples: () =>
      new Observable<Reading>((subscriber) =>
        run(
          driver,
          checked,
          messages,
          (reading) => subscriber.next(reading),
          (thrown) => subscriber.error(thrown),
        ),
      ),
  };
};
