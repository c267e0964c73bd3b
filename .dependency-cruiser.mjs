/** Import rules at file level: no circles, and the table of the rooms again, for dynamic imports and for what is reached indirectly. */
import { loadedWhenUsed, onlyIn, rooms, touchesTheMachine } from './scripts/rooms.js';

const roomPath = (names) => `^src/(${names.join('|')})/`;
const packagePath = (name) => `(^|/)node_modules/${name}/`;

export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere, or to a package that is not in package.json.',
      severity: 'error',
      from: {},
      to: {
        dependencyTypes: ['unknown', 'undetermined', 'npm-no-pkg', 'npm-unknown', 'npm-dev'],
        pathNot: packagePath('fast-check'),
      },
    },
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `room-${room}`,
      severity: 'error',
      from: { path: roomPath([room]) },
      to: { path: '^src/', pathNot: [roomPath([room]), ...allowed.map((other) => `^src/${other}/index\\.ts$`)] },
    })),
    ...Object.entries(onlyIn).map(([name, allowed]) => ({
      name: `only-there-${name}`,
      comment:
        'Held for what is reached through others too: nobody pays for this package who did not enter by its door.',
      severity: 'error',
      from: { path: '^src/', pathNot: roomPath(allowed) },
      to: loadedWhenUsed.includes(name) ? { path: packagePath(name) } : { path: packagePath(name), reachable: true },
    })),
    {
      name: 'machine',
      severity: 'error',
      from: { path: '^src/', pathNot: roomPath(touchesTheMachine) },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
