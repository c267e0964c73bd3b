/** Muda: migration by resource utilisation, the way home, and programs that are brought near their image first. */
export { homeward, type HomewardSettings } from './homeward.js';
export { muda } from './muda.js';
export {
  heldJobs,
  type HeldJob,
  type HoldSettings,
  learnProgram,
  neededBy,
  type Program,
  type WaitingJob,
} from './programs.js';
export type {
  AcceptableRule,
  CapabilityRule,
  LengthRule,
  LoadRule,
  MudaSettings,
  NeedRule,
  UseRule,
} from './settings.js';
