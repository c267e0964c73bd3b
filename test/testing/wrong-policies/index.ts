/** Ten deliberately wrong policies, each with the law that is named after its fault, and others that the fault breaks too. */
import type { Policy } from '../../../src/policies/index.js';
import type { LawName } from '../../../src/testing/index.js';
import { firstCome } from './first-come.js';
import { forgetsFlights } from './forgets-flights.js';
import { missingIsIdle } from './missing-is-idle.js';
import { comparesNaN } from './nan.js';
import { pingPong } from './ping-pong.js';
import { readsClock } from './reads-clock.js';
import { rollsDice } from './rolls-dice.js';
import { sortsInPlace } from './sorts-in-place.js';
import { stacking } from './stacking.js';
import { swapsBlindly } from './swaps-blindly.js';

export const wrongPolicies: readonly (readonly [
  fault: string,
  law: LawName,
  policy: Policy,
  also: readonly LawName[],
])[] = [
  ['ping-pong', 'comesToRest', pingPong, []],
  ['overload by stacking', 'neverOvercommits', stacking, ['keepsConstraints', 'breaksNoRule', 'comesToRest']],
  ['order dependence', 'orderIndependent', firstCome, []],
  ['NaN comparison', 'holdsNoNaN', comparesNaN, ['reasonsAreTrue']],
  ['moving on missing data', 'nothingFromUnknown', missingIsIdle, ['keepsConstraints', 'lessDataNoMoreMoves']],
  [
    'ignoring moves in flight',
    'movesAtMostOnce',
    forgetsFlights,
    ['neverOvercommits', 'keepsConstraints', 'breaksNoRule', 'keepsTheSum'],
  ],
  ['clock reading', 'asksNoClock', readsClock, []],
  ['randomness', 'throwsNoDice', rollsDice, ['deterministic', 'orderIndependent', 'namesDoNotMatter']],
  ['mutation of the snapshot', 'doesNotMutate', sortsInPlace, []],
  ['swap without spare memory', 'neverOvercommits', swapsBlindly, ['keepsConstraints', 'breaksNoRule']],
];
