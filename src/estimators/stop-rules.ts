/** Stop rules: when a hypervisor leaves pre-copy, as data, so that each of them is an argument. */
import { kibibytes, type Bytes, type BytesPerSecond, type Milliseconds } from '../model/index.js';

/** A condition under which pre-copy is left and the rest is sent with the guest stopped. */
export type StopRule =
  /** Fewer bytes are dirty than this. */
  | { readonly kind: 'few left'; readonly below: Bytes }
  /** What is dirty would be sent in less than this. */
  | { readonly kind: 'soon sent'; readonly within: Milliseconds }
  /** So many rounds were sent: the guest is stopped whatever is left. */
  | { readonly kind: 'rounds'; readonly most: number }
  /** So many times the memory was sent: the same. */
  | { readonly kind: 'volume'; readonly times: number }
  /** The next round would have to be sent faster than this: the same. */
  | { readonly kind: 'rate'; readonly most: BytesPerSecond };

/** How far pre-copy is when a rule is asked. */
export interface RoundsSoFar {
  readonly memory: Bytes;
  readonly rounds: number;
  readonly sent: Bytes;
  /** Dirty now. */
  readonly left: Bytes;
  /** Rate at which the next round would be sent. */
  readonly rate: BytesPerSecond;
  /** Rate that would be asked for, where rounds are sent at adaptive rates. */
  readonly wanted: BytesPerSecond;
}

/** Whether the rule ends pre-copy now. */
export const stops = (rule: StopRule, so: RoundsSoFar): boolean => {
  switch (rule.kind) {
    case 'few left':
      return so.left < rule.below;
    case 'soon sent':
      return so.left <= (so.rate * rule.within) / 1000;
    case 'rounds':
      return so.rounds >= rule.most;
    case 'volume':
      return so.sent > rule.times * so.memory;
    case 'rate':
      return so.wanted > rule.most;
  }
};

/** Rules that end pre-copy whatever is left; without one of them it may go on for good. */
export const forces = (rule: StopRule): boolean =>
  rule.kind === 'rounds' || rule.kind === 'volume' || rule.kind === 'rate';

const pages = (count: number): Bytes => kibibytes(4 * count);

/** Clark et al. (NSDI 2005, §5.3): the rate asked for passes the maximum, or fewer than 256 KiB are left. */
export const clarkStops = (maximum: BytesPerSecond): readonly StopRule[] => [
  { kind: 'few left', below: kibibytes(256) },
  { kind: 'rate', most: maximum },
];

/** Xen before 4.7 (Akoush et al. 2010; Muda, M36): fewer than 50 pages, 29 rounds, or three times the memory sent. */
export const xenClassicStops: readonly StopRule[] = [
  { kind: 'few left', below: pages(50) },
  { kind: 'rounds', most: 29 },
  { kind: 'volume', times: 3 },
];

/** Xen 4.17: fewer than 50 pages were dirty, or five rounds. */
export const xenStops: readonly StopRule[] = [
  { kind: 'few left', below: pages(50) },
  { kind: 'rounds', most: 5 },
];

/** QEMU: what is left fits into the downtime limit (default 300 ms; 30 ms in QEMU 0.12, M35). No rule forces an end (M36). */
export const qemuStops = (downtimeLimit: Milliseconds = 300): readonly StopRule[] => [
  { kind: 'soon sent', within: downtimeLimit },
];
