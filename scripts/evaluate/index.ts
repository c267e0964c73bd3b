/** Evaluate: our numbers on somebody's own data. `npm run evaluate -- estimators|calibration|cross-validation|classifier DIR [--each] [--json]`, or `plan|states|score …`. */
import { evaluateCalibration } from './calibration.js';
import { evaluateClassifier } from './classifier.js';
import { crossValidate } from './cross-validation.js';
import { evaluateEstimators } from './estimators.js';
import { planUsage } from './plan-options.js';
import { evaluatePlan } from './plan.js';
import { evaluateScore, scoreUsage } from './score.js';
import { makeStates, statesUsage } from './states.js';

const usage = `usage: npm run evaluate -- COMMAND DIR [--each] [--json]
  estimators DIR   total time, blackout and convergence of QEMU migrations; DIR holds runs.csv
                   --each: a JSON line for every run, model and grade of inputs; else a table against the outcomes
  calibration DIR  fixed part, rate and contention of a site; DIR holds migrations.csv or migrations.csv.gz
  classifier DIR   what a guest needs most, in windows of 20 s; DIR holds Linux recordings
  cross-validation DIR   the estimators' constants fitted to four fifths of the configurations and judged on the rest
${planUsage}
${statesUsage}
${scoreUsage}`;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const complain = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const run = (words: readonly string[]): number => {
  const write = (text: string): void => {
    process.stdout.write(text);
  };
  if (words[0] === 'plan') return evaluatePlan(words.slice(1), say, complain);
  if (words[0] === 'states') return makeStates(words.slice(1), write, complain);
  if (words[0] === 'score') return evaluateScore(words.slice(1), say, complain);
  const flags = words.filter((word) => word.startsWith('--'));
  const [command, directory, ...more] = words.filter((word) => !word.startsWith('--'));
  const strange = flags.find((flag) => flag !== '--each' && flag !== '--json');
  if (directory === undefined || more.length > 0 || strange !== undefined) {
    complain(usage);
    return 2;
  }
  const json = flags.includes('--json');
  switch (command) {
    case 'estimators':
      evaluateEstimators(directory, { each: flags.includes('--each'), json }, say, complain);
      return 0;
    case 'calibration':
      evaluateCalibration(directory, { json }, say, complain);
      return 0;
    case 'classifier':
      evaluateClassifier(directory, { json }, say, complain);
      return 0;
    case 'cross-validation':
      crossValidate(directory, say, complain);
      return 0;
    default:
      complain(usage);
      return 2;
  }
};

try {
  process.exitCode = run(process.argv.slice(2));
} catch (error) {
  // A directory without the file, or a file that is none: say which, without a stack.
  complain(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
