/** The rooms of the house and what each may import of the others: the table of docs/architecture.md, for all tools that ask. */

/** @type {Readonly<Record<string, readonly string[]>>} */
export const rooms = {
  model: [],
  configuration: ['model'],
  metrics: ['model'],
  estimators: ['model'],
  policies: ['model', 'metrics', 'estimators'],
  drivers: ['model'],
  engine: ['model', 'metrics', 'estimators', 'policies', 'drivers'],
  simulation: ['model', 'estimators', 'drivers'],
  testing: ['model', 'metrics', 'policies', 'simulation', 'drivers', 'engine'],
};

/** Packages that one room alone may import. */
export const onlyIn = { mathjs: ['configuration'], 'fast-check': ['testing'] };

/** Rooms that may touch the machine: files, sockets, processes. */
export const touchesTheMachine = ['drivers', 'metrics'];
