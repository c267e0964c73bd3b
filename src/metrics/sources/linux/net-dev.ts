/** Turns the text of `/proc/net/dev` into traffic of the interfaces that lead out of the machine. */
import { type Bytes, failed, ok } from '../../../model/index.js';
import { completeLines, counters, type Parsed, wordsOf, wrongLine } from './kernel-text.js';

/** What one interface has carried since it appeared. */
export interface InterfaceCounters {
  readonly received: Bytes;
  readonly sent: Bytes;
}

/** Interfaces by name. */
export type ProcNetDev = Readonly<Record<string, InterfaceCounters>>;

/**
 * Interfaces whose traffic does not leave the machine, or leaves it through another that counts it too: loopback, bridges, bonds
 * and teams, VLANs, the near ends of guests and containers, tunnels.
 */
const inner =
  /^(lo$|ifb|dummy|veth|vnet|tap|tun|vif|fwbr|fwpr|fwln|virbr|vmbr|xenbr|br-|br\d|docker|podman|cni|cali|flannel|ovs|bond|team|wg|sit|gre|ip6tnl|vlan)|\./;

/** Whether an interface leads out of the machine and no other counts its traffic again. Judged by name alone. */
export const leadsOut = (name: string): boolean => !inner.test(name);

/**
 * Reads `/proc/net/dev`.
 *
 * @param counted - which interfaces to count; by default those that lead out of the machine, so never the loopback
 */
export const parseNetDev = (
  text: string,
  file = '/proc/net/dev',
  counted: (name: string) => boolean = leadsOut,
): Parsed<ProcNetDev> => {
  const lines = completeLines(file, text);
  if (!lines.ok) return lines;
  const interfaces = new Map<string, InterfaceCounters>();
  for (const [i, line] of lines.value.entries()) {
    // Two lines of headings, told by their bars.
    if (line.includes('|')) continue;
    // The name ends at the last colon, for an alias holds one itself; the first counter may stand close to it.
    const colon = line.lastIndexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim();
    if (colon < 0 || name === '') return failed(wrongLine(file, i + 1, line, 'a name and a colon are needed'));
    if (!counted(name)) continue;
    const numbers = counters(wordsOf(line.slice(colon + 1)));
    if (!numbers.ok) return failed(wrongLine(file, i + 1, line, `"${numbers.error}" is no counter`));
    const [received, , , , , , , , sent] = numbers.value;
    if (received === undefined || sent === undefined || numbers.value.length < 16)
      return failed(wrongLine(file, i + 1, line, '16 counters are needed'));
    interfaces.set(name, { received, sent });
  }
  return ok(Object.fromEntries(interfaces));
};
