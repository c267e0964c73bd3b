/** Static facts: from what the kernel tells of processors and memory to the part of a host that can be known of the machine itself. */
import { type Bytes, gigahertz, type Hertz, type HostMemory, type Processor } from '../../../model/index.js';
import type { ProcCpuinfo } from './cpuinfo.js';
import { known } from './known.js';
import type { ProcMeminfo } from './meminfo.js';

/** One cache as `/sys/devices/system/cpu/cpu0/cache/index*` tells. */
export interface CacheFacts {
  readonly level: number;
  readonly size: Bytes;
}

/** What was read of the machine. */
export interface FactsRead {
  readonly cpuinfo?: ProcCpuinfo;
  readonly meminfo?: ProcMeminfo;
  /** Socket and core of each processor that is online, from `/sys/devices/system/cpu/cpuN/topology`. */
  readonly topology?: readonly { readonly socket: number; readonly core: number }[];
  readonly caches?: readonly CacheFacts[];
  /** From cpufreq: `base_frequency`, the clock that is held with all cores at work. */
  readonly baseClock?: Hertz;
  /** From cpufreq: `cpuinfo_max_freq`, the clock that may be reached. */
  readonly greatestClock?: Hertz;
  /** As `uname -m` says: `x86_64`, `aarch64`. */
  readonly architecture?: string;
}

/** Where the clock was taken from, best first. `current` reads low on an idle machine that scales its frequency (M11). */
export type ClockSource = 'base frequency' | 'model name' | 'greatest frequency' | 'current';

/** The part of a host that can be known of the machine itself; a name, networks and storage are the site's to say. */
export interface LocalFacts {
  readonly cpu: Partial<Processor>;
  readonly memory: Partial<Pick<HostMemory, 'total'>>;
  readonly clockFrom?: ClockSource;
}

/** Intel puts the nominal clock into the name: `Intel(R) Xeon(R) CPU E5-2650 v4 @ 2.20GHz`. */
const clockInName = (model: string | undefined): Hertz | undefined => {
  const figure = /@ (\d{1,2}(?:\.\d{1,3})?) ?GHz/.exec(model ?? '')?.[1];
  return figure === undefined ? undefined : gigahertz(Number(figure));
};

/**
 * The static facts of Muda's Table 6.1 (M8). The clock is the nominal one where anything tells it: under frequency scaling the
 * current clock of an idle host is low and would falsify its score (Muda, §7.2.1; M11).
 */
export const localFacts = (read: FactsRead): LocalFacts => {
  const { cpuinfo, topology } = read;
  const clocks: readonly (readonly [ClockSource, Hertz | undefined])[] = [
    ['base frequency', read.baseClock],
    ['model name', clockInName(cpuinfo?.model)],
    ['greatest frequency', read.greatestClock],
    ['current', cpuinfo?.currentClock],
  ];
  const clock = clocks.find(([, value]) => value !== undefined && value > 0);
  const lastLevel = read.caches?.reduce<CacheFacts | undefined>(
    (last, cache) => (last === undefined || cache.level > last.level ? cache : last),
    undefined,
  );
  const numbered = topology && topology.length > 0 ? topology : undefined;
  return known({
    cpu: known({
      clock: clock?.[1],
      cores: numbered ? new Set(numbered.map(({ socket, core }) => `${socket}/${core}`)).size : cpuinfo?.cores,
      threads: cpuinfo?.threads ?? numbered?.length,
      cache: lastLevel?.size ?? cpuinfo?.cache,
      architecture: read.architecture,
      model: cpuinfo?.model,
      flags: cpuinfo?.flags,
    }),
    memory: known({ total: read.meminfo?.total }),
    clockFrom: clock?.[0],
  });
};
