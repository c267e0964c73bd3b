import { builtinModules } from 'node:module';
import tseslint from 'typescript-eslint';
import { onlyIn, rooms, touchesTheMachine } from './scripts/rooms.js';

const everyRoom = Object.keys(rooms);

/** What no room may import: itself by its public name, and Node's own modules without their prefix. */
const nowhere = [
  { group: ['whither', 'whither/*'], message: 'Within src, rooms are entered by relative paths.' },
  {
    regex: `^(${builtinModules.filter((name) => !name.includes(':')).join('|')})$`,
    message: "Node's own modules carry the prefix node:.",
  },
  {
    group: ['rxjs/internal/*', 'rxjs/dist/*', 'zod/*', 'mathjs/*'],
    message: 'Packages are entered by their front door.',
  },
];

const patterns = (room) => [
  {
    group: everyRoom.filter((other) => other !== room && !rooms[room].includes(other)).map((other) => `**/${other}/**`),
    message: `src/${room} may import only: ${rooms[room].join(', ') || 'nothing of ours'} (docs/architecture.md).`,
  },
  {
    group: everyRoom.filter((other) => other !== room).flatMap((other) => [`**/${other}/*`, `!**/${other}/index.js`]),
    message: 'Another room is entered by its index.',
  },
  ...Object.entries(onlyIn)
    .filter(([, allowed]) => !allowed.includes(room))
    .map(([name, allowed]) => ({ group: [name], message: `${name} belongs to src/${allowed.join(', src/')}.` })),
  ...(touchesTheMachine.includes(room)
    ? []
    : [{ group: ['node:*'], message: `Only src/${touchesTheMachine.join(' and src/')} touch the machine.` }]),
  ...nowhere,
];

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'docs/api/', 'out/', '.tmp/', 'node_modules/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.js'] }, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/prefer-readonly-parameter-types': 'off',
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        {
          selector: "ImportDeclaration[source.value='zod'] > ImportSpecifier",
          message: "import * as z from 'zod': the named form costs five times the bytes in a bundle.",
        },
      ],
    },
  },
  ...everyRoom.map((room) => ({
    files: [`src/${room}/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns: patterns(room) }] },
  })),
  { files: ['src/*.ts'], rules: { 'no-restricted-imports': ['error', { patterns: nowhere }] } },
  {
    files: ['src/{model,estimators,policies}/**/*.ts', 'src/metrics/signals/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time comes in as a value.' },
        { object: 'Math', property: 'random', message: 'Chance comes in as a seed.' },
        { object: 'performance', property: 'now', message: 'Time comes in as a value.' },
      ],
    },
  },
  {
    files: ['*.config.ts', '*.config.js', '.*.mjs', 'examples/**', 'scripts/**'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    ...tseslint.configs.disableTypeChecked,
  },
);
