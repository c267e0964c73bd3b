/** Moves: which orders to migrate are taken, and what may be asked of a move under way. */
import { match } from 'ts-pattern';
import type { ConvergenceAction, Failure, FailureKind, MigrationOrder, Result } from '../model/index.js';
import { failed, ok } from '../model/index.js';
import { migrationWay } from './flows.js';
import type { GuestMachine, HostMachine, Move, World } from './machines.js';
import { freeMemory } from './memory.js';
import { awaitRoundEnd, beginCopy, breakOff, hold, setPace, switchToPostCopy } from './pre-copy.js';

/** A failure in words. */
export const failure = (kind: FailureKind, message: string, retryable = false): Failure => ({
  kind,
  retryable,
  message,
});

interface Ends {
  readonly guest: GuestMachine;
  readonly from: HostMachine;
  readonly to: HostMachine;
}

const endsOf = (world: World, { guest: guestId, from: fromId, to: toId }: MigrationOrder): Result<Ends, Failure> => {
  const [guest, from, to] = [world.guests.get(guestId), world.hosts.get(fromId), world.hosts.get(toId)];
  if (guest === undefined) return failed(failure('not found', `no guest is called "${guestId}"`));
  if (from === undefined) return failed(failure('not found', `no host is called "${fromId}"`));
  if (to === undefined) return failed(failure('not found', `no host is called "${toId}"`));
  return ok({ guest, from, to });
};

/** What two sides must offer for a guest to run on the second as it did on the first. */
const misfit = ({ guest: { guest }, from, to }: Ends): Failure | undefined => {
  const [here, there] = [from.host, to.host];
  if (!guest.migratable) return failure('unsupported', `guest "${guest.id}" may not be migrated`);
  if (here.cpu.architecture !== there.cpu.architecture)
    return failure('unsupported', `${here.cpu.architecture} does not run on ${there.cpu.architecture}`);
  if (guest.cpuModel !== undefined && guest.cpuModel !== there.cpu.model)
    return failure('unsupported', `CPU model "${guest.cpuModel}" is not that of host "${there.id}"`);
  const lacking = guest.devices.find((device) => !there.devices.includes(device));
  if (lacking !== undefined) return failure('unsupported', `host "${there.id}" has no device "${lacking}"`);
  if (guest.image && !there.storage.some(({ id }) => id === guest.image?.storage))
    return failure('refused as unsafe', `storage "${guest.image.storage}" cannot be reached from host "${there.id}"`);
  if (migrationWay(from, to) === undefined)
    return failure('unreachable', `no migration network between hosts "${here.id}" and "${there.id}"`);
  return undefined;
};

const refusal = (world: World, order: MigrationOrder, ends: Ends): Failure | undefined => {
  const { guest, from, to } = ends;
  if (world.moves.has(order.id)) return failure('conflict', `a migration is called "${order.id}" already`);
  if (guest.host !== from)
    return failure('conflict', `guest "${guest.id}" stands on host "${guest.host.id}", not on "${from.id}"`);
  if (from === to) return failure('conflict', `guest "${guest.id}" stands on host "${to.id}" already`);
  if (guest.move) return failure('conflict', `guest "${guest.id}" is being migrated by "${guest.move.order.id}"`);
  for (const host of [from, to])
    if (!host.alive) return failure('unreachable', `host "${host.id}" does not answer`, true);
  if (guest.standing === 'dead') return failure('conflict', `guest "${guest.id}" does not run`);
  const unfit = misfit(ends);
  if (unfit) return unfit;
  const free = freeMemory(to);
  return free < guest.guest.memory
    ? failure('insufficient memory', `host "${to.id}" has ${free} bytes free, ${guest.guest.memory} are needed`, true)
    : undefined;
};

/** Some migrations break off some time after their start, as the seed has it. */
const fate = (world: World, move: () => Move, id: string): ReturnType<World['agenda']['add']> | undefined => {
  const { migrationFailure } = world.settings.faults.rates;
  if (migrationFailure === undefined) return undefined;
  const chance = world.chance.split('migration failure').split(id);
  if (!chance.happens(migrationFailure.share)) return undefined;
  return world.agenda.add(world.now + chance.between(0, migrationFailure.within), () => {
    breakOff(world, move(), failure('protocol', `migration "${id}" broke off`, true));
  });
};

/** Begins a move, or says why not. */
export const startMove = (world: World, order: MigrationOrder): Result<Move, Failure> => {
  const ends = endsOf(world, order);
  if (!ends.ok) return ends;
  const refused = refusal(world, order, ends.value);
  if (refused) return failed(refused);

  const { guest, from, to } = ends.value;
  const { stopRule, preparation } = world.settings.migration;
  const move: Move = {
    order,
    guest,
    from,
    to,
    startedAt: world.now,
    phase: 'preparing',
    round: 0,
    roundAt: world.now,
    roundSize: 0,
    sentBefore: 0,
    flow: undefined,
    marks: new Map(),
    dirtyRate: undefined,
    downtimeLimit: stopRule.kind === 'downtime' ? stopRule.limit : undefined,
    throttle: 0,
    stillSince: undefined,
    downtime: undefined,
    next: world.agenda.add(world.now + preparation, () => {
      beginCopy(world, move);
    }),
    report: undefined,
    breaks: fate(world, () => move, order.id),
    listeners: new Set(),
    over: false,
  };
  guest.move = move;
  to.reserved += guest.guest.memory;
  from.moves.add(move);
  to.moves.add(move);
  world.moves.set(order.id, move);
  world.tally.started += 1;
  return ok(move);
};

/** Ends a move before its time, as its owner wishes. Past the switch to post-copy there is no way back, and it goes on. */
export const cancelMove = (world: World, move: Move): void => {
  if (move.over || move.phase === 'post-copy') return;
  breakOff(world, move, failure('cancelled', `migration "${move.order.id}" was cancelled`));
};

/** Acts on a move under way, or says why not. */
export const steerMove = (world: World, id: string, action: ConvergenceAction): Result<undefined, Failure> => {
  const move = world.moves.get(id);
  if (move === undefined) return failed(failure('not found', `no migration is called "${id}"`));
  const only = (...phases: readonly Move['phase'][]): Failure | undefined =>
    phases.includes(move.phase)
      ? undefined
      : failure('conflict', `migration "${id}" is ${move.phase}, so it cannot ${action.kind}`, true);
  const done = (refused: Failure | undefined, act: () => void): Result<undefined, Failure> => {
    if (refused) return failed(refused);
    act();
    return ok(undefined);
  };
  return match(action)
    .with({ kind: 'continue' }, () => ok(undefined))
    .with({ kind: 'raise downtime' }, ({ limit }) =>
      done(
        move.downtimeLimit === undefined
          ? failure('unsupported', 'the stop rule of this hypervisor knows no downtime limit')
          : only('preparing', 'copying'),
        () => {
          move.downtimeLimit = limit;
          if (move.phase === 'copying') awaitRoundEnd(world, move);
        },
      ),
    )
    .with({ kind: 'throttle' }, ({ share }) =>
      done(only('preparing', 'copying'), () => {
        move.throttle = Math.min(0.99, Math.max(0, share));
        setPace(world, move);
      }),
    )
    .with({ kind: 'post-copy' }, () => done(only('copying'), () => switchToPostCopy(world, move)))
    .with({ kind: 'pause' }, () => done(only('copying'), () => hold(world, move)))
    .with({ kind: 'abort' }, () => done(only('preparing', 'copying', 'stopped'), () => cancelMove(world, move)))
    .exhaustive();
};
