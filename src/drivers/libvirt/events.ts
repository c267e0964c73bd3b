/** Events: what `virsh event --all --loop --timestamp` prints, line by line, turned into news of guests. */

/** News of a guest, as one host tells it. */
export interface DomainEvent {
  /** Such as `lifecycle`, `migration-iteration`, `job-completed`. */
  readonly event: string;
  readonly domain: string;
  /** What follows, such as `Stopped Migrated`. */
  readonly detail: string;
}

const shape = /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+[+-]\d{4}: )?event '([a-z-]+)' for domain '(.+?)':? ?(.*)$/;

/** No line is longer; what is would only cost time. */
const longest = 10_000;

/** The event that a line begins; `undefined` for the lines below it, and for any other. */
export const parseEvent = (line: string): DomainEvent | undefined => {
  const [, event, domain, detail] = line.length > longest ? [] : (shape.exec(line) ?? []);
  return event === undefined || domain === undefined ? undefined : { event, domain, detail: detail ?? '' };
};

/** Whether the event may change which guests there are, where they stand, or what was given to them. */
export const changesInventory = ({ event }: DomainEvent): boolean =>
  ['lifecycle', 'balloon-change', 'device-added', 'device-removed', 'reboot'].includes(event);
