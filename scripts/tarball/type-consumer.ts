/** Type consumer: a strict program of each module system that enters by all doors, and one line that must not compile. */

const options = {
  target: 'ES2022',
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  // rxjs and zod name what every host of JavaScript has (setTimeout, URL); without the types of Node these come from here.
  lib: ['ES2023', 'DOM'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  // Our own declarations are judged, and whatever of other packages they reach.
  skipLibCheck: false,
  noEmit: true,
};

const program = (doors: readonly string[]): string =>
  [
    ...doors.map((door, i) => `import * as door${i} from '${door}';`),
    "import { mebibytes, type Guest } from 'whither/model';",
    "export const memory: Guest['memory'] = mebibytes(64);",
    '// @ts-expect-error a text is not an amount; were the types lost, nothing would be wrong here',
    "mebibytes('64');",
    `export const doors = [${doors.map((_, i) => `Object.keys(door${i})`).join(', ')}];`,
    '',
  ].join('\n');

/** The files of the consumer, by name. */
export const typeConsumer = (doors: readonly string[]): Readonly<Record<string, string>> => ({
  'tsconfig.json': JSON.stringify({ compilerOptions: options, files: ['types.mts', 'types.cts'] }),
  'types.mts': program(doors),
  'types.cts': program(doors),
});
