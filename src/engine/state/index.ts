/** State: what survives an engine, so that another one goes on where it was (W3). */
export { ledgerOf, stateOf } from './book-state.js';
export { actionSchema, type EngineState, engineStateSchema, type MoveState, type WaitState } from './engine-state.js';
