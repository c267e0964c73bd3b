/** The main job: a recorded day on a simulated cluster, once without migration and once under a policy, side by side. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Policy } from 'whither/policies';
import { stay } from 'whither/policies';
import type { Arm } from './arm.js';
import { type Day, dayFrom, recordedDay } from './day.js';
import { marks, policyNames, policyFrom } from './policies.js';
import { figures, page } from './report/page.js';
import { runArm } from './run-arm.js';
import { type Scenario, scenarioOf } from './scenario.js';
import { readSettings, type Settings } from './settings.js';

const say = (text: string): unknown => process.stdout.write(`${text}\n`);

/** Shows how far an arm is: over and over on one line of a terminal, every four hours elsewhere. */
const progress = (name: string): ((share: number, moves: number) => void) => {
  let shown = 0;
  return (share, moves) => {
    const hour = Math.floor(share * 24);
    const text = `  ${name}: hour ${String(hour).padStart(2)} of 24, ${moves} moves`;
    if (process.stdout.isTTY) process.stdout.write(`\r${text}${share >= 1 ? '\n' : ''}`);
    else if (hour >= shown + 4) {
      shown = hour - (hour % 4);
      say(text);
    }
  };
};

const play = (name: string, policy: Policy, scenario: Scenario, { seed }: Settings): Arm =>
  runArm(name, policy, scenario, { seed }, progress(name));

const table = (arms: readonly Arm[]): string => {
  const rows = [
    ['', ...arms.map(({ name }) => name)],
    ...figures.map(({ name, of }) => [name, ...arms.map(({ totals }) => of(totals))]),
  ];
  return rows
    .map(([first = '', ...rest]) => first.padEnd(24) + rest.map((cell) => cell.padStart(18)).join(''))
    .join('\n');
};

const printDay = (day: Day, { hosts, guests }: Scenario): void => {
  say(`${hosts.length} hosts, ${guests.length} guests, living ${day.name}`);
  for (const problem of day.problems.slice(0, 5)) say(`  left out: ${problem}`);
  if (day.problems.length > 5) say(`  and ${day.problems.length - 5} more`);
};

/** Decisions printed on the terminal; the report has more. */
const told = 3;

const main = async (words: readonly string[]): Promise<number> => {
  const read = readSettings(words);
  if ('say' in read) {
    say(read.say);
    return read.exit;
  }
  const { settings } = read;
  let day: Day;
  try {
    day = settings.trace === undefined ? recordedDay() : dayFrom(settings.trace);
  } catch (thrown) {
    say(`--trace: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    return 2;
  }
  let policy: Policy;
  try {
    policy = await policyFrom(settings.policy);
  } catch (thrown) {
    say(`--policy: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    return 2;
  }
  const scenario = scenarioOf(day, settings.hosts, settings.seed);
  printDay(day, scenario);
  const arms: readonly [Arm, Arm] = [
    play('never migrate', stay(), scenario, settings),
    play(
      policyNames.some((name) => name === settings.policy) ? settings.policy : policy.name,
      policy,
      scenario,
      settings,
    ),
  ];
  for (const { at, text } of arms[1].decisions.slice(0, told))
    say(`\nafter ${Math.round(at / 60_000)} minutes\n${text}`);
  say(`\n${arms[1].decisions.length} decisions to move in all\n\n${table(arms)}`);

  mkdirSync(dirname(settings.report), { recursive: true });
  const html = page(arms, {
    title: 'A recorded day, with and without migration',
    facts: [
      `${scenario.hosts.length} simulated hosts with ${scenario.guests.length} guests live ${day.name}. Everything that is left to chance follows from the seed ${settings.seed}.`,
      `One arm never migrates. In the other the policy is ${policy.name}: a decision every minute from samples taken every 30 s, one move per host and eight in all at a time.`,
      'Load is what the guests and the migrations ask of a host as a share of its processors; above 100 % it cannot be served.',
    ],
    marks,
    decisions: 40,
  });
  writeFileSync(settings.report, html);
  say(`\nreport: ${settings.report}`);
  return 0;
};

process.exitCode = await main(process.argv.slice(2));
