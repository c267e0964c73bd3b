/** Engine: the loop that turns samples and inventory into snapshots, plans into admitted moves, and all of it into events. */
import { interval, isObservable, map, Observable, of, take } from 'rxjs';
import { DriverError } from '../drivers/index.js';
import { observatory } from '../metrics/index.js';
import {
  type BadInput,
  type Inventory,
  inventorySchema,
  malformed,
  type Milliseconds,
  printable,
  type Reading,
  type Sample,
} from '../model/index.js';
import type { BrokenPolicy, Policy } from '../policies/index.js';
import { admit } from './admission.js';
import { decide, messageOf } from './decide.js';
import { type Desk, deskOf } from './desk.js';
import type { DriverRequest, EngineEvent } from './events.js';
import { inventoryCheck } from './inventory-check.js';
import type { Ledger } from './ledger.js';
import { movementsOf } from './movements.js';
import { type EngineOptions, engineSettings } from './options.js';
import { isBrokenPolicy, policyFault } from './policy-form.js';
import { retrying, type Retrying, unending } from './retrying.js';
import { sealedCluster } from './sealed.js';
import { stateOf } from './state/index.js';

const run = (desk: Desk): void => {
  const { settings, now, emit, listen } = desk;
  const { driver, scheduler, staleAfter, tolerateFuture, keep } = settings;
  const watching = observatory({
    source: driver.name,
    staleAfter,
    ...(tolerateFuture === undefined ? {} : { tolerateFuture }),
    ...(keep === undefined ? {} : { keep }),
  });
  let policy: Policy | undefined;
  let caughtUp = false;
  /** Since when the inventory can no longer be had; before the first one, since ever. */
  let lostInventory: Milliseconds | undefined = -Infinity;
  let sampling = false;
  let orders = settings.state?.orders ?? 0;
  let finishing = false;
  /** Samples of an earlier engine, until the inventory says of whom they are. */
  let earlier = settings.state?.samples ?? [];
  let samples: readonly Sample[] | undefined = settings.tellState === 'everything' ? earlier : undefined;
  let toldOf: { readonly ledger: Ledger; readonly samples: readonly Sample[] | undefined } | undefined;
  const checkInventory = inventoryCheck();

  const tellState = (): void => {
    const ledger = movements.ledger();
    if (settings.tellState === undefined || (toldOf?.ledger === ledger && toldOf.samples === samples)) return;
    toldOf = { ledger, samples };
    emit({ kind: 'state', state: stateOf(ledger, { at: now(), orders, policy: policy?.name, samples }) });
  };
  /** Whatever is handled may have changed the book, and may have been the last that was waited for. */
  const post: Desk['post'] = (task) =>
    desk.post(() => {
      task();
      tellState();
      if (finishing && movements.underWay().length === 0) desk.complete();
    });
  const movements = movementsOf({ ...desk, post }, { look: (then) => look(then), beforeOrder: () => tellState() });

  const putInForce = (offered: Policy | BrokenPolicy): void => {
    if (isBrokenPolicy(offered)) {
      emit({ kind: 'policy-failed', problem: 'could not be had', message: `${offered.source}: ${offered.message}` });
      return;
    }
    // A stream of policies may come from modules that nobody compiled.
    const fault = policyFault(offered);
    if (fault !== undefined) {
      const message = `${printable(offered)} ${fault}`;
      emit({ kind: 'policy-failed', problem: 'not a policy', message });
      return;
    }
    watching.watch(offered.watch);
    policy = offered;
    emit({ kind: 'policy', policy: offered.name });
  };

  const know = (offered: Inventory): void => {
    const checked = checkInventory(offered);
    if (!checked.ok) {
      emit({ kind: 'bad-input', input: malformed(driver.name, 'inventory', offered, checked.error) });
      return;
    }
    const inventory = checked.value;
    lostInventory = undefined;
    watching.know(inventory);
    // What an earlier engine saw warms the signals up; what cannot be taken any more was told of by that engine.
    for (const sample of earlier) watching.take(sample, now());
    earlier = [];
    movements.reconcile(inventory);
    emit({ kind: 'inventory', inventory });
  };

  const takeIn = (reading: Reading): void => {
    const refused = refusal(reading);
    if (refused) emit({ kind: 'bad-input', input: refused });
  };
  const refusal = (reading: Reading): BadInput | undefined => {
    try {
      return watching.take(reading, now());
    } catch (thrown) {
      // Only what is no reading at all.
      return {
        kind: 'bad-input',
        source: driver.name,
        place: 'samples',
        problem: 'malformed',
        message: messageOf(thrown),
        value: printable(reading),
      };
    }
  };

  const known = (): boolean => lostInventory === undefined || now() - lostInventory <= staleAfter;

  const decideNow = (): void => {
    if (!policy || !caughtUp || !known()) return;
    movements.age();
    if (settings.tellState === 'everything') samples = watching.kept();
    const inForce = policy;
    const at = now();
    const cluster = sealedCluster(watching.snapshot(at, movements.reserved(), movements.past()));
    emit({ kind: 'snapshot', cluster });
    const decision = decide(inForce, cluster);
    if (!decision.ok) {
      emit({ kind: 'policy-failed', policy: inForce.name, ...decision.error });
      return;
    }
    emit({ kind: 'decided', policy: inForce.name, plan: decision.value });
    const verdicts = admit(decision.value.moves, {
      cluster,
      underWay: movements.underWay(),
      limits: settings.limits,
      backOffs: movements.backOffs(),
      constraints: settings.constraints,
      nameOf: (move, place) => settings.idOf(move, at, orders + place),
    });
    for (const verdict of verdicts) {
      emit(verdict);
      if (verdict.kind !== 'admitted') continue;
      orders += 1;
      // The state is told before the order is given, so that no order is unknown to an engine that goes on from it. Nothing that the driver answers is handled before the whole round is begun, so the round stays as it was judged. If
      // the subscriber leaves meanwhile, what was not begun is not begun any more.
      movements.begin(verdict.order);
    }
  };

  const retryingFor = (request: DriverRequest): Retrying => ({
    backOff: settings.retry,
    scheduler,
    onFailure: (failure, retryAt) =>
      post(() => {
        if (request === 'inventory') lostInventory ??= now();
        emit({ kind: 'driver-failed', driver: driver.name, request, failure, retryAt });
      }),
  });
  const look = (then: () => void): void => {
    const sound = (inventory: Inventory): Inventory => {
      const checked = inventorySchema.safeParse(inventory);
      if (checked.success) return inventory;
      const message = malformed(driver.name, 'inventory', inventory, checked.error).message;
      throw new DriverError({ kind: 'protocol', retryable: true, message });
    };
    listen(
      retrying(
        () => unending(() => driver.inventory(), 'inventory').pipe(take(1), map(sound)),
        retryingFor('inventory'),
      ),
      {
        next: (inventory) =>
          post(() => {
            know(inventory);
            then();
          }),
      },
    );
  };
  /** Samples are asked for once an inventory is known; before that each of them would be of an unknown subject. */
  const sample = (): void => {
    if (sampling || lostInventory === -Infinity) return;
    sampling = true;
    listen(
      retrying(() => driver.samples(), retryingFor('samples')),
      { next: (reading) => post(() => takeIn(reading)) },
    );
  };
  const end = (): void => {
    finishing = true;
  };

  listen(isObservable(settings.policy) ? settings.policy : of(settings.policy), {
    next: (offered) => post(() => putInForce(offered)),
    error: (thrown: unknown) =>
      post(() => emit({ kind: 'policy-failed', problem: 'no more policies', message: messageOf(thrown) })),
  });
  movements.catchUp(() => {
    caughtUp = true;
  });
  listen(
    retrying(() => unending(() => driver.inventory(), 'inventory'), retryingFor('inventory')),
    {
      next: (inventory) => {
        post(() => know(inventory));
        // Not from within a task where it can be helped: what a source emits at once would all have to wait.
        sample();
        post(sample);
      },
    },
  );
  listen(typeof settings.tempo === 'number' ? interval(settings.tempo, scheduler) : settings.tempo, {
    next: () => post(decideNow),
    error: (thrown: unknown) =>
      post(() => {
        emit({ kind: 'trigger-failed', message: messageOf(thrown) });
        end();
      }),
    complete: () => post(end),
  });
};

/**
 * Makes an engine: it watches a driver's samples, lets a policy decide at a tempo, hands the moves that may be begun to the
 * driver, and tells all of it.
 *
 * Cold: each subscriber runs an engine of its own. Subscribing first asks the driver what it has under way and follows that;
 * nothing is decided before that is known and an inventory has come, nor once the inventory has been out of reach for
 * `staleAfter`. Unsubscribing cancels every move that this engine began and leaves the followed ones alone. It completes when
 * the trigger has completed and no move is under way, and errors only by a fault of its own: what a driver, a policy or an
 * input does wrong is an event.
 *
 * @throws SettingsError at once where an option is unknown, missing or wrong, with the path of each
 *
 * @example
 * engine({ driver, policy, every: seconds(10), limits: { perHost: 1, total: 4 } }).subscribe(console.log);
 */
export const engine = (options: EngineOptions): Observable<EngineEvent> => {
  const settings = engineSettings(options);
  return new Observable((subscriber) => run(deskOf(settings, subscriber)));
};
