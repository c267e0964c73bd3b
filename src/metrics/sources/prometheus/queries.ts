/** Queries: the PromQL for what the rules need, of the node exporter and of the libvirt exporter. */
import { type Milliseconds, seconds } from '../../../model/index.js';
import { positive } from '../../setting.js';

/** How the expressions are written. */
export interface QueryOptions {
  /**
   * Window of every rate; default 1 minute. A rate needs two scrapes in its window and is absent otherwise: take at least four scrape
   * intervals, so that a scrape that failed leaves no hole.
   */
  readonly window?: Milliseconds;
  /** Equal labels that every series has to have, such as `{ cluster: 'north' }`. */
  readonly matching?: Readonly<Record<string, string>>;
}

/** What is asked of a server. */
export type QueryName =
  | `host ${'time' | 'cpu' | 'gauges' | 'swapping' | 'disk busy' | 'run-queue wait' | 'pressure'}`
  | `${'host' | 'guest'} ${'disk read' | 'disk written' | 'received' | 'sent'}`
  | `guest ${'time' | 'cpu' | 'memory'}`;

/** The gauges of a host, which one query brings by their names. */
const hostGauges = [
  'node_load1',
  'node_load5',
  'node_load15',
  'node_memory_MemTotal_bytes',
  'node_memory_MemAvailable_bytes',
  'node_memory_SwapTotal_bytes',
  'node_memory_SwapFree_bytes',
  'node_memory_Dirty_bytes',
] as const;

/** Pressure of a host, by the name of the counter without `node_pressure_` and `_seconds_total`. */
const hostPressures = ['cpu_waiting', 'io_waiting', 'io_stalled', 'memory_waiting', 'memory_stalled'] as const;

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A label's value as PromQL writes it. Go's quoting rules, of which JSON's are a part. */
const quoted = (text: string): string => JSON.stringify(text);

/** Throws a RangeError that names the label. */
const matchersOf = (matching: Readonly<Record<string, string>>): string =>
  Object.entries(matching)
    .map(([label, value]) => {
      if (!labelName.test(label)) throw new RangeError(`matching: ${quoted(label)} is no name of a label`);
      return `${label}=${quoted(value)}`;
    })
    .join(',');

/** The expressions by name. Throws a RangeError for a window or a label that is none. */
export const prometheusQueries = ({ window = seconds(60), matching = {} }: QueryOptions = {}): Readonly<
  Record<QueryName, string>
> => {
  const span = `${Math.ceil(positive('window', window))}ms`;
  const always = matchersOf(matching);
  const select = (name: string, ...own: readonly string[]): string => {
    const all = [...own, always].filter((matcher) => matcher !== '').join(',');
    return all === '' ? name : `${name}{${all}}`;
  };
  const rate = (name: string, ...own: readonly string[]): string => `rate(${select(name, ...own)}[${span}])`;
  const guest = 'instance, domain, uuid';
  return {
    // A query gives the last scrape under the time of the query; only this tells how old it is.
    'host time': `max by (instance) (timestamp(${select('node_cpu_seconds_total', 'mode="idle"')}))`,
    'host cpu': `sum by (instance, mode) (${rate('node_cpu_seconds_total')})`,
    'host gauges': select('', `__name__=~"${hostGauges.join('|')}"`),
    'host swapping': `sum by (instance) (${rate('node_vmstat_pswpin')} + ${rate('node_vmstat_pswpout')})`,
    'host disk read': `sum by (instance, device) (${rate('node_disk_read_bytes_total')})`,
    'host disk written': `sum by (instance, device) (${rate('node_disk_written_bytes_total')})`,
    'host disk busy': `sum by (instance, device) (${rate('node_disk_io_time_seconds_total')})`,
    'host received': `sum by (instance, device) (${rate('node_network_receive_bytes_total')})`,
    'host sent': `sum by (instance, device) (${rate('node_network_transmit_bytes_total')})`,
    'host run-queue wait': `avg by (instance) (${rate('node_schedstat_waiting_seconds_total')})`,
    'host pressure': hostPressures
      .map((of) => `label_replace(${rate(`node_pressure_${of}_seconds_total`)}, "of", "${of}", "", "")`)
      .join(' or '),
    'guest time': `max by (${guest}) (timestamp(${select('libvirt_domain_info_virtual_cpus')}))`,
    'guest cpu': `sum by (${guest}) (${rate('libvirt_domain_info_cpu_time_seconds_total')}) / sum by (${guest}) (${select('libvirt_domain_info_virtual_cpus')})`,
    'guest memory': `max by (${guest}) (${select('libvirt_domain_info_maximum_memory_bytes')})`,
    'guest disk read': `sum by (${guest}) (${rate('libvirt_domain_block_stats_read_bytes_total')})`,
    'guest disk written': `sum by (${guest}) (${rate('libvirt_domain_block_stats_write_bytes_total')})`,
    'guest received': `sum by (${guest}) (${rate('libvirt_domain_interface_stats_receive_bytes_total')})`,
    'guest sent': `sum by (${guest}) (${rate('libvirt_domain_interface_stats_transmit_bytes_total')})`,
  };
};
