/** Placement: where guests would stand best before they run. */
export { firstPlacement, type FirstPlacement, type FirstPlacementOptions } from './first-placement.js';
