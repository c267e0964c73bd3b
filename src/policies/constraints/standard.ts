/** The constraints that every move keeps unless somebody chooses otherwise. */
import type { Constraint } from '../constraint.js';
import { keptApart } from './apart.js';
import { sameArchitecture } from './architecture.js';
import { enoughCores } from './cores.js';
import { sameCpuModel } from './cpu-model.js';
import { devicesPresent } from './devices.js';
import { goesElsewhere } from './elsewhere.js';
import { imageReachable } from './image.js';
import { isKnown } from './known.js';
import { enoughMemory } from './memory.js';
import { isMigratable } from './migratable.js';
import { withinPins } from './pins.js';
import { isSettled } from './settled.js';
import { takesGuests } from './state.js';
import { enoughStorage } from './storage.js';
import { keptTogether } from './together.js';

/** All hard rules, the cheapest and the plainest first. */
export const standardConstraints: readonly Constraint[] = [
  goesElsewhere,
  isMigratable,
  isSettled,
  takesGuests,
  isKnown,
  withinPins,
  sameArchitecture,
  sameCpuModel,
  enoughCores,
  devicesPresent,
  imageReachable,
  enoughStorage,
  keptApart,
  keptTogether,
  enoughMemory,
];

/** The rules that another move of the same plan can upset. */
export const jointConstraints: readonly Constraint[] = [isSettled, keptApart, keptTogether, enoughMemory];
