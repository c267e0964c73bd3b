/** `npm run whatif -- RECORDING POLICY...`: what other policies would have done with the same past. */
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { lastValueFrom } from 'rxjs';
import { duration, loadPolicy } from 'whither/configuration';
import { type NoPast, type Past, pastReader, whatIf, whatIfReport } from 'whither/experiments';
import { fileChunks, recordingEntries } from 'whither/metrics';
import { seconds } from 'whither/model';
import { type BrokenPolicy, cslb, type Policy, stay } from 'whither/policies';

/** Policies that are had by their names. */
const builtIn: ReadonlyMap<string, () => Policy> = new Map([
  ['cslb', () => cslb()],
  ['stay', stay],
]);

const usage = `npm run whatif -- RECORDING POLICY... [--every TIME] [--sampled TIME] [--json] [--report FILE]

  RECORDING       what recordedEngine kept: a header and an entry a line
  POLICY          a module with a policy as its default export, or a JSON policy document, or one of ${[...builtIn.keys()].join(', ')};
                  a name and "=" before it name the column
  --every TIME    time from decision to decision (default 10 s)
  --sampled TIME  time between the samples of a subject (default: as often as decided)
  --json          the whole answer as one JSON object, moves and all
  --report FILE   the table as a Markdown page`;

class Refusal extends Error {}

/** The past of a recording, which may be longer than memory; lines that could not be read are told, and the rest is used. */
const readPast = async (file: string): Promise<Past | NoPast> => {
  const { read, past } = pastReader();
  let bad = 0;
  for await (const entry of recordingEntries(fileChunks(file), { source: file })) {
    read(entry);
    if (entry.kind !== 'bad-input') continue;
    bad += 1;
    if (bad <= 5) process.stderr.write(`${file}, ${entry.place}: ${entry.message}\n`);
  }
  if (bad > 5) process.stderr.write(`and ${bad - 5} more\n`);
  return past();
};

const isBroken = (loaded: Policy | BrokenPolicy): loaded is BrokenPolicy => 'kind' in loaded;

const readPolicies = async (words: readonly string[]): Promise<Readonly<Record<string, Policy>>> => {
  const policies: Record<string, Policy> = {};
  for (const word of words) {
    const [, given, path = word] = /^([^=/\\]+)=(.+)$/.exec(word) ?? [];
    const loaded = builtIn.get(path)?.() ?? (await lastValueFrom(loadPolicy(path, seconds(30))));
    if (isBroken(loaded)) throw new Refusal(`${path}: ${loaded.message}`);
    const name = given ?? loaded.name;
    policies[name in policies ? `${name} (${basename(path)})` : name] = loaded;
  }
  return policies;
};

const main = async (argv: readonly string[]): Promise<number> => {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        every: { type: 'string' },
        sampled: { type: 'string' },
        json: { type: 'boolean' },
        report: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const [recording, ...policies] = positionals;
    if (values.help === true || recording === undefined || policies.length === 0) {
      console.log(usage);
      return values.help === true ? 0 : 2;
    }
    const answer = whatIf(await readPast(recording), await readPolicies(policies), {
      ...(values.every !== undefined && { every: duration(values.every) }),
      ...(values.sampled !== undefined && { sampled: duration(values.sampled) }),
    });
    if (!answer.ok) throw new Refusal(`${recording}: ${answer.error.why}`);
    const page = whatIfReport(answer.value);
    console.log(values.json === true ? JSON.stringify(answer.value) : page);
    if (values.report !== undefined) writeFileSync(values.report, page);
    return 0;
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    return 2;
  }
};

process.exitCode = await main(process.argv.slice(2));
