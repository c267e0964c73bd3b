/** Build: one entry for each door, as ESM, as CommonJS and as types. */
import { defineConfig } from 'tsup';
import { pureAtTheTop } from './scripts/build/pure-at-the-top.js';
import { rooms } from './scripts/rooms.js';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    ...Object.fromEntries(Object.keys(rooms).map((room) => [room, `src/${room}/index.ts`])),
  },
  format: ['esm', 'cjs'],
  target: 'node20',
  clean: true,
  // Node's own modules keep their prefix, as everywhere in the sources.
  removeNodeProtocol: false,
  // Doors share their chunks in both formats, so that a room exists once in a process that enters by two doors.
  splitting: true,
  esbuildPlugins: [pureAtTheTop],
  // What only one door needs stays outside: a development dependency would else be bundled into it.
  external: ['fast-check'],
  // tsup sets `baseUrl`, which TypeScript 6 reports as deprecated.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
});
