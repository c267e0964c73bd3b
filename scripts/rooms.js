/** The rooms of the house and what each may import of the others: the table of docs/architecture.md, for all tools that ask. */

/** @type {Readonly<Record<string, readonly string[]>>} */
export const rooms = {
  model: [],
  configuration: ['model', 'metrics', 'policies'],
  metrics: ['model'],
  estimators: ['model'],
  policies: ['model', 'metrics', 'estimators'],
  drivers: ['model', 'metrics'],
  engine: ['model', 'metrics', 'estimators', 'policies', 'drivers'],
  simulation: ['model', 'estimators', 'drivers'],
  experiments: ['model', 'metrics', 'estimators', 'policies', 'drivers', 'engine', 'simulation'],
  testing: ['model', 'metrics', 'policies', 'simulation', 'drivers', 'engine'],
};

/** Packages that one room alone may import. */
export const onlyIn = {
  execa: ['drivers'],
  jstat: ['experiments'],
  mathjs: ['configuration'],
  'fast-check': ['testing'],
};

/** Packages that are loaded when they are first used, and not with the door. */
export const loadedWhenUsed = ['execa'];

/** Rooms that may touch the machine: files, sockets, processes. */
export const touchesTheMachine = ['configuration', 'drivers', 'metrics'];
