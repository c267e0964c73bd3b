import { defineConfig } from 'vitest/config';
import unit from './vitest.config.js';

/** Tests on real hypervisors. Guests share the processors of this machine, so one file runs at a time. */
export default defineConfig({
  ...(unit.resolve ? { resolve: unit.resolve } : {}),
  test: {
    include: ['test/e2e/**/*.test.ts'],
    testTimeout: 90_000,
    hookTimeout: 30_000,
    fileParallelism: false,
  },
});
