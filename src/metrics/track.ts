/** Track: what is kept of one subject while it is watched: the states of its signals and its last few samples. */
import type { Milliseconds, Sample, SignalValues } from '../model/index.js';
import { clear, push, type SampleRing, sampleRing, samplesIn } from './sample-ring.js';
import type { AnySignal } from './signal.js';

/** The signals of one side of a watch, each folded once, under all the keys that ask for it. */
export interface Side {
  readonly signals: readonly AnySignal[];
  readonly keys: readonly { readonly key: string; readonly slot: number }[];
}

/** Mutable, and hidden in the observatory that made it. */
export interface Track {
  /** State of each signal of the side, in its order. */
  states: unknown[];
  readonly recent: SampleRing;
  /** Time of the last sample. */
  last: Milliseconds | undefined;
}

/** Hears of a signal that threw. */
export type OnBroken = (signal: AnySignal, cause: unknown) => void;

/** Stands in place of the state of a signal that threw. */
const broken = /* @__PURE__ */ Symbol('broken');

/** The signals of one side of a watch. Signals of one name are one signal. */
export const sideOf = (watched: Readonly<Record<string, AnySignal>> = {}): Side => {
  const signals: AnySignal[] = [];
  const keys = Object.entries(watched).map(([key, signal]) => {
    const known = signals.findIndex(({ name }) => name === signal.name);
    return { key, slot: known >= 0 ? known : signals.push(signal) - 1 };
  });
  return { signals, keys };
};

/** A track of a subject of which nothing was seen. */
export const newTrack = (subject: Pick<Sample, 'kind' | 'id'>, { signals }: Side, keep: number): Track => ({
  states: signals.map(({ initial }): unknown => initial),
  recent: sampleRing(subject, keep),
  last: undefined,
});

const step = (signal: AnySignal, state: unknown, sample: Sample, onBroken: OnBroken): unknown => {
  if (state === broken) return broken;
  try {
    return signal.step(state, sample);
  } catch (cause) {
    onBroken(signal, cause);
    return broken;
  }
};

/** Forgets all samples, so that every signal begins anew. */
export const restart = (track: Track, { signals }: Side): void => {
  track.states = signals.map(({ initial }): unknown => initial);
  clear(track.recent);
};

/** Folds one more sample, and keeps it in the place of the oldest. */
export const follow = (track: Track, { signals }: Side, sample: Sample, onBroken: OnBroken): void => {
  const { states } = track;
  for (let i = 0; i < signals.length; i++) {
    const signal = signals[i];
    if (signal) states[i] = step(signal, states[i], sample, onBroken);
  }
  push(track.recent, sample);
  track.last = sample.at;
};

/**
 * Turns a track to the signals of another side. A signal that was folded before keeps its state; one that was not, or that
 * was broken, is folded over the samples that were kept.
 */
export const turn = (track: Track, before: Side, after: Side, onBroken: OnBroken): void => {
  const { states, recent } = track;
  let kept: readonly Sample[] | undefined;
  track.states = after.signals.map((signal) => {
    const slot = before.signals.findIndex(({ name }) => name === signal.name);
    if (slot >= 0 && states[slot] !== broken) return states[slot];
    kept ??= samplesIn(recent);
    return kept.reduce<unknown>((state, sample) => step(signal, state, sample, onBroken), signal.initial);
  });
};

/** The values of the signals by key. What is not finite, or broken, is not known. */
export const valuesOf = ({ states }: Track, { signals, keys }: Side, onBroken: OnBroken): SignalValues => {
  const values: Record<string, unknown> = {};
  for (const { key, slot } of keys) {
    const signal = signals[slot];
    const state = states[slot];
    if (!signal || state === broken) {
      values[key] = undefined;
      continue;
    }
    try {
      const value: unknown = signal.value(state);
      values[key] = typeof value === 'number' && !Number.isFinite(value) ? undefined : value;
    } catch (cause) {
      states[slot] = broken;
      values[key] = undefined;
      onBroken(signal, cause);
    }
  }
  return values;
};

/** The values of signals of which none is known. */
export const unknownValues = ({ keys }: Side): SignalValues =>
  Object.fromEntries(keys.map(({ key }) => [key, undefined]));
