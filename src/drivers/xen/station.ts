/** Station: one Xen host, asked by xl. */
import { map, mergeMap, type Observable } from 'rxjs';
import type { BadInput, HostId, Milliseconds, Result } from '../../model/index.js';
import { collected, type CommandEvent } from '../commands/index.js';
import { DriverError } from '../driver-error.js';
import { failureOfXl } from './failures.js';
import type { XlHost } from './options.js';
import { parseSenders, type Sender } from './senders.js';
import { parseXlInfo, type XenHost } from './xl-info.js';
import { type Domain, type DomainConfiguration, parseXlList, parseXlListLong } from './xl-list.js';

/** One Xen host. Everything errors with a `DriverError` where the host does not answer, or not in a way that can be read. */
export interface Station {
  readonly id: HostId;
  readonly settings: Required<XlHost>;
  readonly info: () => Observable<XenHost>;
  /** All domains but that of the tools. */
  readonly domains: () => Observable<readonly Domain[]>;
  readonly configurations: () => Observable<readonly DomainConfiguration[]>;
  readonly senders: () => Observable<readonly Sender[]>;
  /** What a command prints, read by a parser; what the parser refuses is a breach of protocol. */
  readonly read: <Value>(
    parse: (text: string) => Result<Value, BadInput>,
    ...argv: readonly [string, ...string[]]
  ) => Observable<Value>;
  readonly print: (...argv: readonly [string, ...string[]]) => Observable<string>;
  /** A command that takes its time, with its output as it comes. */
  readonly start: (...argv: readonly [string, ...string[]]) => Observable<CommandEvent>;
}

/** Makes a station; asks nothing. */
export const stationAt = (settings: Required<XlHost>, deadline: Milliseconds): Station => {
  const print: Station['print'] = (...argv) =>
    collected(settings.commands(argv, { deadline })).pipe(
      map(({ code, stdout, stderr }) => {
        if (code === 0) return stdout;
        if (code === 127)
          throw new DriverError({ kind: 'unsupported', retryable: false, message: `${argv[0]} is not installed` });
        throw new DriverError(failureOfXl(stderr, code));
      }),
    );
  const read: Station['read'] = (parse, ...argv) =>
    print(...argv).pipe(
      mergeMap((text) => {
        const found = parse(text);
        if (found.ok) return [found.value];
        const { source, place, message } = found.error;
        throw new DriverError({ kind: 'protocol', retryable: true, message: `${source}, ${place}: ${message}` });
      }),
    );
  return {
    id: settings.id,
    settings,
    print,
    read,
    info: () => read(parseXlInfo, 'xl', 'info'),
    domains: () => read(parseXlList, 'xl', 'list', '-v').pipe(map((all) => all.filter(({ domain }) => domain !== 0))),
    configurations: () => read(parseXlListLong, 'xl', 'list', '-l'),
    senders: () => print('ps', '-eo', 'pid=,args=').pipe(map(parseSenders)),
    start: (...argv) => settings.commands(argv),
  };
};
