/** Watch: the signals that muda asks for, of hosts and of guests. */
import {
  type AnySignal,
  cpu,
  type Direction,
  latest,
  level,
  loadFifteen,
  loadFive,
  loadOne,
  memoryUsed,
  steal,
  trend,
} from '../../metrics/index.js';
import type { Bytes, Sample } from '../../model/index.js';
import { usage, type Usage } from '../classification/index.js';
import type { View } from '../policy.js';
import { heldPrograms } from './programs.js';
import type { MudaRules } from './settings.js';
import { sharesByName, type Use, useOf } from './use.js';

const averages = { one: loadOne, five: loadFive, fifteen: loadFifteen } as const;

/** Guests of more vCPUs than this have no share of all of them: a signal does not know whose it is, so each count has its own. */
const mostVcpus = 16;

/** Memory of the active processes (M17): those over the bound, of one vCPU, or all with processor time. */
const activeMemory = ({ length, use, counts }: MudaRules): ((sample: Sample) => Bytes | undefined) => {
  const sharesOf = sharesByName(counts, 1);
  return (sample) => {
    const shares = length.active === 'all' ? undefined : sharesOf(sample);
    return sample.processes
      ?.filter(
        ({ name, cpu: used }) => used > 0 && (length.active === 'all' || (shares?.get(name) ?? 0) >= use.process),
      )
      .reduce((sum, { memory }) => sum + memory, 0);
  };
};

const usesOf = (rules: MudaRules): Readonly<Record<string, AnySignal<readonly Use[]>>> =>
  rules.use.of === 'one'
    ? { use: useOf(rules, 1) }
    : Object.fromEntries(
        Array.from({ length: mostVcpus }, (_, i) => [`use of ${i + 1}`, useOf(rules, i + 1)] as const),
      );

/** The signals that muda reads by name; the spells of rule 2 stand beside them, see {@link usesOfGuest}. */
export interface MudaWatch {
  readonly host: { readonly cpu: AnySignal<number> };
  readonly guest: {
    readonly trend: AnySignal<Direction>;
    readonly load: AnySignal<number>;
    readonly usage: AnySignal<Usage>;
    readonly cpu: AnySignal<number>;
    readonly steal: AnySignal<number>;
    /** Share of the memory in use. */
    readonly occupied: AnySignal<number>;
    /** Memory of the active processes. */
    readonly active: AnySignal<Bytes>;
    /** Programs that wait to begin. */
    readonly held: AnySignal<readonly string[]>;
  };
}

/** The signals that the rules need. */
export const mudaWatch = (rules: MudaRules): MudaWatch => {
  const average = averages[rules.load.average];
  return {
    host: { cpu: level(cpu) },
    guest: {
      trend: trend(average, rules.load),
      load: level(average),
      usage: usage({ over: Math.max(1, rules.use.for) }),
      cpu: level(cpu),
      steal: level(steal),
      occupied: level(memoryUsed),
      active: latest(
        `active memory(${JSON.stringify(rules.length.active)}, ${rules.use.process}, ${rules.counts})`,
        activeMemory(rules),
      ),
      held: latest(`held programs(${JSON.stringify(rules.programs)})`, heldPrograms(rules.programs)),
      ...usesOf(rules),
    },
  };
};

/** The cluster as muda sees it. */
export type MudaView = View<MudaWatch>;
/** A guest as muda sees it. */
export type MudaGuest = MudaView['guests'][number];
/** A host as muda sees it. */
export type MudaHost = MudaView['hosts'][number];

/** The spells of rule 2 of a guest; `undefined` where nothing was measured, or nothing is folded for as many vCPUs. */
export const usesOfGuest = ({ use }: MudaRules, { signals, vcpus }: MudaGuest): readonly Use[] | undefined => {
  const values: Readonly<Record<string, unknown>> = signals;
  // The signal under either name gives uses.
  return values[use.of === 'one' ? 'use' : `use of ${vcpus}`] as readonly Use[] | undefined;
};
