/** Judgement: what is asked of a module before it is let in, as the text of a program that does so somewhere else. */

/**
 * Loads a module as the caller will, and asks its policy for a plan of each probe. It gives what is wrong, as the end of a sentence, or
 * nothing. It is text, since whoever runs it must not load this file: a bundler may have put it anywhere.
 *
 * A loader of TypeScript may hand a module over as CommonJS, so that its default export stands one step further in.
 */
export const judgement = `
const told = (thrown) => (thrown instanceof Error ? thrown.message : String(thrown));
const isObject = (value) => typeof value === 'object' && value !== null;
const oddNumber = (value, seen = new Set()) => {
  if (typeof value === 'number') return !Number.isFinite(value);
  if (!isObject(value) || seen.has(value)) return false;
  seen.add(value);
  return Object.values(value).some((part) => oddNumber(part, seen));
};
const faultOfMove = (move, { hosts, guests }) => {
  if (!isObject(move)) return 'a move that is none';
  const guest = guests.find(({ id }) => id === move.guest);
  if (guest === undefined) return 'a move of the guest ' + String(move.guest) + ', which is not there';
  if (guest.host !== move.from) return 'a move of ' + guest.id + ' from ' + String(move.from) + ', where it is not';
  if (!hosts.some(({ id }) => id === move.to)) return 'a move to the host ' + String(move.to) + ', which is not there';
  if (move.to === move.from) return 'a move of ' + guest.id + ' to where it is';
  return Array.isArray(move.because) ? undefined : 'a move without its reasons (because)';
};
const faultOfPlan = (plan, probe) => {
  if (isObject(plan) && typeof plan.then === 'function') return 'is a promise: a policy plans at once, it cannot be async';
  if (!isObject(plan) || !Array.isArray(plan.moves) || !Array.isArray(plan.passedOver)) return 'is no plan';
  const wrong = plan.moves.map((move) => faultOfMove(move, probe)).find((fault) => fault !== undefined);
  if (wrong !== undefined) return 'holds ' + wrong;
  return oddNumber(plan) ? 'holds a number that is none, such as NaN' : undefined;
};
const faultOfPolicy = (policy, probes) => {
  if (!isObject(policy) || typeof policy.plan !== 'function') return 'its default export is no policy: it has no function plan';
  if (typeof policy.name !== 'string' || policy.name === '') return 'its policy has no name';
  if (!isObject(policy.watch)) return 'its policy has no watch: it must name the signals that it reads, or be {}';
  for (const probe of probes) {
    const size = probe.hosts.length + ' hosts and ' + probe.guests.length + ' guests';
    const before = JSON.stringify(probe);
    let plan;
    try { plan = policy.plan(probe); } catch (thrown) { return 'it throws for ' + size + ': ' + told(thrown); }
    if (JSON.stringify(probe) !== before) return 'it changes the snapshot of ' + size;
    const fault = faultOfPlan(plan, probe);
    if (fault !== undefined) return 'what it returns for ' + size + ' ' + fault;
  }
  return undefined;
};
const judge = async (url, probes) => {
  let loaded;
  try { loaded = await import(url); } catch (thrown) {
    return { unread: thrown instanceof Error && thrown.code === 'ERR_UNKNOWN_FILE_EXTENSION', fault: 'it cannot be loaded: ' + told(thrown) };
  }
  const given = loaded.default;
  if (given === undefined) return { fault: 'it has no default export: write "export default policy(…)"' };
  const policy = isObject(given) && typeof given.plan !== 'function' && 'default' in given ? given.default : given;
  return { fault: faultOfPolicy(policy, probes) };
};
`;

/** What the judgement sends back. */
export interface Judged {
  /** What is wrong. */
  readonly fault?: string;
  /** The kind of file is not read there. */
  readonly unread?: boolean;
}
