/** Fault injection: lets the faults of the options befall the world, those at given times and those drawn from the seed. */
import { match } from 'ts-pattern';
import type { LinkId, Milliseconds } from '../model/index.js';
import type { Chance } from './chance.js';
import type { Fault, FaultRates, Recurring } from './faults.js';
import { crash, recover } from './hosts.js';
import type { HostMachine, World } from './machines.js';
import { failure } from './moves.js';
import { breakOff } from './pre-copy.js';

const silence = (world: World, host: HostMachine, lasting: Milliseconds): void => {
  host.silentUntil = Math.max(host.silentUntil, world.now + lasting);
};

const die = (world: World, host: HostMachine, lasting: Milliseconds | undefined): void => {
  if (!host.alive) return;
  crash(world, host);
  if (lasting !== undefined)
    world.agenda.add(world.now + lasting, () => {
      recover(world, host);
    });
};

/** Slow spells of one link that overlap slow it one after the other; at the end of each its own part is given back. */
const slow = (
  world: World,
  host: HostMachine,
  only: LinkId | undefined,
  factor: number,
  lasting: Milliseconds,
): void => {
  const passages = [...host.links]
    .filter(([id]) => only === undefined || id === only)
    .flatMap(([, link]) => [link.in, link.out]);
  const touched = [...new Set(passages)];
  for (const passage of touched) {
    passage.spells.push(factor);
    passage.capacity = passage.full * passage.spells.reduce((product, one) => product * one, 1);
    world.stalePassages.add(passage);
  }
  world.agenda.add(world.now + lasting, () => {
    for (const passage of touched) {
      passage.spells.splice(passage.spells.indexOf(factor), 1);
      passage.capacity = passage.full * passage.spells.reduce((product, one) => product * one, 1);
      world.stalePassages.add(passage);
    }
  });
};

const outage = (world: World, lasting: Milliseconds): void => {
  world.unreachableUntil = Math.max(world.unreachableUntil, world.now + lasting);
  world.news.outage();
};

const befall = (world: World, fault: Fault): void => {
  const on = (id: string, act: (host: HostMachine) => void): void => {
    const host = world.hosts.get(id);
    if (host) act(host);
  };
  match(fault)
    .with({ kind: 'silence' }, ({ host: id, lasting }) => on(id, (host) => silence(world, host, lasting)))
    .with({ kind: 'crash' }, ({ host: id, lasting }) => on(id, (host) => die(world, host, lasting)))
    .with({ kind: 'slow link' }, ({ host: id, link, factor, lasting }) =>
      on(id, (host) => slow(world, host, link, factor, lasting)),
    )
    .with({ kind: 'migration fails' }, ({ migration, guest }) => {
      for (const move of [...world.moves.values()])
        if (
          (migration === undefined || move.order.id === migration) &&
          (guest === undefined || move.guest.id === guest)
        )
          breakOff(world, move, failure('protocol', `migration "${move.order.id}" broke off`, true));
    })
    .with({ kind: 'outage' }, ({ lasting }) => outage(world, lasting))
    .with({ kind: 'garbage' }, ({ subject, as }) => {
      if (subject.kind !== 'cluster') world.garbage.set(`${subject.kind} ${subject.id}`, as);
    })
    .exhaustive();
};

/** Something happens again and again, at times drawn from a source of its own. */
const recur = (
  world: World,
  chance: Chance,
  rate: Recurring | undefined,
  happen: (lasting: Milliseconds) => void,
): void => {
  if (rate === undefined) return;
  world.agenda.add(world.now + chance.wait(rate.every), () => {
    happen(rate.lasting);
    recur(world, chance, rate, happen);
  });
};

const recurring = (world: World, { silence: quiet, crash: death, slowLink, outage: cut }: FaultRates): void => {
  const chance = world.chance.split('faults');
  for (const host of world.hosts.values()) {
    recur(world, chance.split('silence').split(host.id), quiet, (lasting) => silence(world, host, lasting));
    recur(world, chance.split('crash').split(host.id), death, (lasting) => die(world, host, lasting));
    recur(world, chance.split('slow link').split(host.id), slowLink, (lasting) => {
      if (slowLink) slow(world, host, undefined, slowLink.factor, lasting);
    });
  }
  recur(world, chance.split('outage'), cut, (lasting) => outage(world, lasting));
};

/** Puts down all faults to come. */
export const plantFaults = (world: World): void => {
  const { scheduled, rates } = world.settings.faults;
  for (const fault of scheduled) world.agenda.add(fault.at, () => befall(world, fault));
  recurring(world, rates);
};
