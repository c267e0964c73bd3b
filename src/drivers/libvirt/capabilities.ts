/** Capabilities: what `virsh capabilities` and `virsh nodeinfo` print, turned into the processors of a host. */
import { type BadInput, failed, megahertz, ok, printable, type Processor, type Result } from '../../model/index.js';
import { childrenOf, descendant, parseXml, type XmlElement } from './xml.js';

/** What is lasting about a host. */
export interface HostCapabilities {
  readonly uuid: string;
  readonly architecture: string;
  readonly model?: string;
  readonly flags: readonly string[];
  readonly cache?: number;
}

const malformed = (source: string, message: string, value: string): BadInput => ({
  kind: 'bad-input',
  source,
  place: 'output',
  problem: 'malformed',
  message,
  value: printable(value),
});

const units: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** All caches of the highest level, together. */
const cacheOf = (host: XmlElement): number | undefined => {
  const banks = childrenOf(descendant(host, 'cache'), 'bank').flatMap(({ attributes }) => {
    const size = Number(attributes.get('size')) * (units[attributes.get('unit') ?? ''] ?? Number.NaN);
    const level = Number(attributes.get('level'));
    return Number.isFinite(size) && Number.isFinite(level) ? [{ size, level }] : [];
  });
  const highest = Math.max(...banks.map(({ level }) => level));
  const last = banks.filter(({ level }) => level === highest);
  return last.length === 0 ? undefined : last.reduce((sum, { size }) => sum + size, 0);
};

/** The host in the output of `virsh capabilities`. Its memory is left out: that of `nodememstats` is right where this is not. */
export const parseCapabilities = (text: string): Result<HostCapabilities, BadInput> => {
  const read = parseXml(text);
  if (!read.ok) return failed(malformed('virsh capabilities', read.error, text));
  const host = descendant(read.value, 'host');
  const uuid = host && descendant(host, 'uuid')?.text;
  const cpu = host && descendant(host, 'cpu');
  const architecture = cpu && descendant(cpu, 'arch')?.text;
  if (!host || !cpu || !uuid || !architecture)
    return failed(malformed('virsh capabilities', 'must tell the UUID and the architecture of the host', text));
  const model = descendant(cpu, 'model')?.text;
  const cache = cacheOf(host);
  return ok({
    uuid,
    architecture,
    ...(model ? { model } : {}),
    flags: childrenOf(cpu, 'feature').flatMap(({ attributes }) => attributes.get('name') ?? []),
    ...(cache === undefined ? {} : { cache }),
  });
};

/** Clock, cores and threads of a host. */
export type NodeInfo = Pick<Processor, 'clock' | 'cores' | 'threads'>;

/**
 * Processors in the output of `virsh nodeinfo`. Its memory size is not read: it leaves out what was added after the start.
 * Cores are those of all NUMA cells, for sockets are counted for each.
 */
export const parseNodeInfo = (text: string): Result<NodeInfo, BadInput> => {
  const fields = new Map(
    text.split('\n').flatMap((line) => {
      const [, key, value] = /^([^:]{1,40}):\s+(\d{1,10})(?: [A-Za-z]+)?$/.exec(line) ?? [];
      return key === undefined ? [] : [[key, Number(value)] as const];
    }),
  );
  const [threads, clock, sockets, cores, cells] = [
    'CPU(s)',
    'CPU frequency',
    'CPU socket(s)',
    'Core(s) per socket',
    'NUMA cell(s)',
  ].map((key) => fields.get(key));
  if (!threads || !clock || !sockets || !cores || !cells || !text.endsWith('\n'))
    return failed(
      malformed('virsh nodeinfo', 'must tell the numbers of processors, sockets and cores, and the clock', text),
    );
  // Where the topology does not add up, as on machines with processors off line, each processor counts as a core.
  const all = sockets * cores * cells;
  return ok({ threads, clock: megahertz(clock), cores: all <= threads ? all : threads });
};
