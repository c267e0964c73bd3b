import { configDefaults, defineConfig } from 'vitest/config';
import unit from './vitest.config.js';

/** The tests that mutants of the policies and the estimators have to face: those that need no other program and no long simulation. */
export default defineConfig({
  ...(unit.resolve ? { resolve: unit.resolve } : {}),
  test: {
    include: ['test/{policies,estimators,cases,laws}/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/cases/wilcox/**', 'test/laws/driver.test.ts'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 60_000,
  },
});
