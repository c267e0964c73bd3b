import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^whither$/, replacement: at('./src/index.ts') },
      { find: /^whither\/(\w+)$/, replacement: at('./src/$1/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // Real hypervisors and servers: `npm run e2e`.
    exclude: [...configDefaults.exclude, 'test/e2e/**'],
    testTimeout: 60_000,
    // Files of tests share the modules that they load: to load them anew for each takes longer than the tests. So no test may leave anything behind in one.
    isolate: false,
    setupFiles: ['test/setup.ts'],
  },
});
