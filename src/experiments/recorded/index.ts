/** Recorded: engines of which everything is kept, and which can be lived through again. */
export { recordedEngine } from './recorded-engine.js';
export { replayedEngine, type ReplayedOptions } from './replayed-engine.js';
