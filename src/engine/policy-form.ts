/** Policy form: whether a value from outside has the form of a policy, and what is missing if not. */
import { printable } from '../model/index.js';
import type { BrokenPolicy, Policy } from '../policies/index.js';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isSignal = (value: unknown): boolean =>
  isRecord(value) &&
  typeof value['name'] === 'string' &&
  typeof value['step'] === 'function' &&
  typeof value['value'] === 'function';

const watchFault = (watch: unknown): string | undefined => {
  if (!isRecord(watch)) return 'has no watch';
  for (const [side, signals] of Object.entries(watch)) {
    if (side !== 'host' && side !== 'guest') return `watches ${side}, which is neither host nor guest`;
    if (signals === undefined) continue;
    if (!isRecord(signals)) return `watches ${printable(signals)} of each ${side}`;
    const odd = Object.entries(signals).find(([, signal]) => !isSignal(signal));
    if (odd)
      return `watches ${odd[0]} of each ${side}, which is not a signal (a name and the functions step and value)`;
  }
  return undefined;
};

/** What keeps a value from being a policy, as the end of a sentence; `undefined` for a policy. */
export const policyFault = (value: unknown): string | undefined => {
  if (!isRecord(value)) return 'is not a policy';
  if (typeof value['name'] !== 'string' || value['name'] === '') return 'has no name';
  if (typeof value['plan'] !== 'function') return 'has no function plan';
  return watchFault(value['watch']);
};

/** Whether a value has the form of a policy. */
export const isPolicy = (value: unknown): value is Policy => policyFault(value) === undefined;

/** Whether a value is the word of a loader that a policy could not be had. */
export const isBrokenPolicy = (value: unknown): value is BrokenPolicy =>
  isRecord(value) &&
  value['kind'] === 'broken policy' &&
  typeof value['source'] === 'string' &&
  typeof value['message'] === 'string';
