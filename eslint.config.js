import tseslint from 'typescript-eslint';

/** What each room may import of the others: the table of docs/architecture.md. */
const rooms = {
  model: [],
  configuration: ['model'],
  metrics: ['model'],
  estimators: ['model'],
  policies: ['model', 'metrics', 'estimators'],
  drivers: ['model'],
  engine: ['model', 'configuration', 'metrics', 'estimators', 'policies', 'drivers'],
  simulation: ['model', 'estimators', 'drivers'],
  testing: ['model', 'metrics', 'policies', 'simulation', 'drivers', 'engine'],
};

const everyRoom = Object.keys(rooms);

const patterns = (room) => [
  {
    group: everyRoom.filter((other) => other !== room && !rooms[room].includes(other)).map((other) => `**/${other}/**`),
    message: `src/${room} may import only: ${rooms[room].join(', ') || 'nothing of ours'} (docs/architecture.md).`,
  },
  {
    group: everyRoom.filter((other) => other !== room).flatMap((other) => [`**/${other}/*`, `!**/${other}/index.js`]),
    message: 'Another room is entered by its index.',
  },
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
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...patterns(room),
            ...(room === 'configuration'
              ? []
              : [{ group: ['mathjs', 'mathjs/*'], message: 'mathjs belongs to src/configuration.' }]),
            ...(room === 'testing' ? [] : [{ group: ['fast-check'], message: 'fast-check belongs to src/testing.' }]),
            ...(['drivers', 'metrics'].includes(room)
              ? []
              : [{ group: ['node:*'], message: 'Only drivers and metric sources touch the machine.' }]),
          ],
        },
      ],
    },
  })),
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
  { files: ['*.config.ts', '*.config.js', 'examples/**', 'scripts/**'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.js', '**/*.mjs'],
    ...tseslint.configs.disableTypeChecked,
  },
);
