/** Language: policies as pages of rules. */
export type { Action } from './action.js';
export type { Collection, Group, Mapped, Pick, Predicate, Test, Ties } from './collections.js';
export type { Parameters } from './parameters.js';
export { type NoParameters, policy, type SaidAtOnce, type SettingsOf, type WrittenPolicy } from './policy.js';
export type {
  ClassOptions,
  GuestTerm,
  HostTerm,
  HostWith,
  MoveTerm,
  OwnSignal,
  Readings,
  UnitTerm,
  UsageTerm,
} from './terms.js';
export type { Asked, AtHand, Departure, Destination, Journey, Power, Time, Vocabulary } from './vocabulary.js';
export type {
  Amount,
  Amounts,
  Comparison,
  Condition,
  Lasting,
  Measured,
  Named,
  Quantities,
  Quantity,
  Reading,
  Text,
} from './words.js';
