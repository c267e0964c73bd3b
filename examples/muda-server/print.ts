/** What happened at the server, as a line for people; `undefined` for what happens all the time. */
import type { protocol } from 'whither/engine';
import { sayReason } from 'whither/model';

/** One line for an event, or none. */
export const eventLine = (event: protocol.ServerEvent): string | undefined => {
  switch (event.kind) {
    case 'registered':
      return `${event.party.kind} ${event.party.id} registers`;
    case 'decided':
      return `${event.guest} is to go to ${event.to}, because ${event.because.map((reason) => sayReason(reason)).join('; ')}`;
    case 'policy failed':
      return `no plan for ${event.guest}: ${event.message}`;
    case 'state':
      return `${event.migration.guest} ${event.migration.from} → ${event.migration.to} (${event.migration.id}, ${event.origin}): ${event.from} → ${event.to}`;
    case 'placed':
      return `the map: ${event.guest} is on ${event.host ?? 'no host'}`;
    case 'ended':
      return `${event.outcome.id} is ${event.landing} after ${event.outcome.endedAt - event.outcome.startedAt} ms`;
    case 'recalled':
    case 'safe to unplug':
      return `${event.host}: ${event.kind}`;
    case 'bad-input':
      return `bad input from ${event.source}, ${event.place}: ${event.message}`;
    case 'refused':
      return `refused: ${event.guest} to ${event.to}, ${event.refusal.kind}`;
    case 'departed':
      return `${event.host} has departed`;
    case 'asking':
    case 'held':
      return `${event.migration.id}: ${event.kind}, because ${event.because}`;
    default:
      return undefined;
  }
};
