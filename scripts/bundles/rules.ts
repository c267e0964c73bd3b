/** Rules: what an import may never bring into a user's bundle. */
import { isBuiltin } from 'node:module';
import { onlyIn, rooms } from '../rooms.js';
import type { Contents } from './contents.js';

/** An import, and what it must not bring along. */
export interface BundleRule {
  /** Name of the door; `index` for the front door. */
  readonly door: string;
  /** The names taken; all of them where absent. */
  readonly names?: readonly string[];
  readonly withoutPackages: readonly string[];
  readonly withoutRooms: readonly string[];
  readonly withoutNode: boolean;
}

const far = ['configuration', 'drivers', 'engine', 'experiments', 'simulation', 'testing'];

/** One policy, one unit: the imports that must stay small. */
const single: readonly BundleRule[] = [
  ...['policies', 'index'].map((door) => ({
    door,
    names: ['cslb'],
    withoutPackages: Object.keys(onlyIn),
    withoutRooms: far,
    withoutNode: true,
  })),
  {
    door: 'index',
    names: ['percent'],
    withoutPackages: [...Object.keys(onlyIn), 'rxjs', 'zod', 'ts-pattern'],
    withoutRooms: Object.keys(rooms).filter((room) => room !== 'model'),
    withoutNode: true,
  },
];

/** Whole doors: a package that belongs to one room is in that room's door alone. */
const whole: readonly BundleRule[] = ['index', ...Object.keys(rooms)].map((door) => ({
  door,
  withoutPackages: Object.entries(onlyIn)
    .filter(([, owners]) => !owners.includes(door))
    .map(([name]) => name),
  withoutRooms: door === 'testing' ? [] : ['testing'].filter((room) => room !== door),
  withoutNode: false,
}));

export const bundleRules: readonly BundleRule[] = [...single, ...whole];

/** The import as a person writes it. */
export const ruleName = ({ door, names }: BundleRule): string =>
  `${names ? `{ ${names.join(', ')} }` : '*'} from ${door === 'index' ? 'whither' : `whither/${door}`}`;

/** What a bundle holds against its rule. */
export const breaches = (rule: BundleRule, contents: Contents): readonly string[] => [
  ...contents.packages
    .filter((name) => rule.withoutPackages.includes(name) || (rule.withoutNode && isBuiltin(name)))
    .map((name) => `${ruleName(rule)} brings ${name}`),
  ...contents.rooms
    .filter((room) => rule.withoutRooms.includes(room))
    .map((room) => `${ruleName(rule)} brings src/${room}`),
];
