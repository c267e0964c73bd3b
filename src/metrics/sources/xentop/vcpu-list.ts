/** VcpuList: what `xl vcpu-list` prints, turned into the processor time of each domain. */
import { failed, type Milliseconds, ok } from '../../../model/index.js';
import { completeLines, type Parsed, wrongLine } from '../linux/kernel-text.js';

/** The virtual processors of one domain that are on line. */
export interface DomainVcpus {
  readonly name: string;
  readonly domain: number;
  readonly vcpus: number;
  /** Processor time since the domain was built, of all of them together; xl tells tenths of a second. */
  readonly ran: Milliseconds;
}

const file = 'xl vcpu-list';

const row = /^(.*\S)\s+(\d{1,10})\s+\d{1,5}\s+(?:\d{1,5}|-)\s+([r-][b-][p-])\s+(\d{1,12}\.\d)\s+\S.*$/;

/** No line is longer; what is would only cost time. */
const longest = 1000;

/** Processor time of each domain in the output of `xl vcpu-list`. A processor that is off line counts no more. */
export const parseVcpuList = (text: string): Parsed<readonly DomainVcpus[]> => {
  const lines = completeLines(file, text);
  if (!lines.ok) return lines;
  if (!/^Name\s+ID\s+VCPU\s+CPU\s+State\s+Time\(s\)/.test(lines.value[0] ?? ''))
    return failed(
      wrongLine(file, 1, lines.value[0] ?? '', 'must begin with the headings Name ID VCPU CPU State Time(s)'),
    );
  const domains = new Map<number, DomainVcpus>();
  for (const [i, line] of lines.value.slice(1).entries()) {
    if (line.trim() === '') continue;
    const [, name, domain, state, time] = line.length > longest ? [] : (row.exec(line) ?? []);
    if (name === undefined || domain === undefined || time === undefined)
      return failed(wrongLine(file, i + 2, line, 'must be a virtual processor of a domain'));
    if (state?.endsWith('p')) continue;
    const id = Number(domain);
    const before = domains.get(id) ?? { name, domain: id, vcpus: 0, ran: 0 };
    domains.set(id, { ...before, vcpus: before.vcpus + 1, ran: before.ran + Math.round(Number(time) * 10) * 100 });
  }
  return ok([...domains.values()]);
};
