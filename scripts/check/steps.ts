/** The steps of `npm test`, in a sensible order: what is quick and tells most comes first, what needs the build after it. */

/** One named step. It counts as one test; unit tests and tests on real hypervisors count one by one. */
export interface Step {
  readonly name: string;
  /** The npm script that it runs. */
  readonly script: string;
  /** Arguments after the script's own. */
  readonly args?: readonly string[];
  /** Steps that must have passed, or this one cannot tell anything. */
  readonly needs?: readonly string[];
  /** It runs after all others, with the machine to itself: what is real takes real time. */
  readonly alone?: boolean;
}

/** Where the unit tests leave their report. */
export const unitReport = '.tmp/unit.json';

/** Where the tests on real hypervisors leave theirs. */
export const realReport = '.tmp/e2e.json';

export const steps: readonly Step[] = [
  { name: 'format', script: 'check:format' },
  { name: 'build', script: 'build' },
  { name: 'types', script: 'check:types' },
  { name: 'lint', script: 'check:lint' },
  { name: 'rooms', script: 'check:rooms' },
  { name: 'dead code', script: 'check:dead' },
  { name: 'tarball', script: 'check:tarball', needs: ['build'] },
  {
    name: 'unit tests',
    script: 'unit',
    args: ['--reporter=dot', '--reporter=json', `--outputFile.json=${unitReport}`],
  },
  { name: 'package', script: 'check:package', needs: ['build'] },
  { name: 'exports', script: 'check:exports', needs: ['build'] },
  { name: 'bundles', script: 'check:bundles', needs: ['build'] },
  { name: 'size', script: 'check:size', needs: ['build'] },
  { name: 'api reference', script: 'check:api' },
  { name: 'docs', script: 'check:docs', needs: ['build'] },
  { name: 'examples', script: 'check:examples', needs: ['build'] },
  { name: 'real hypervisors', script: 'e2e', alone: true },
];
