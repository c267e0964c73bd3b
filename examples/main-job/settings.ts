/** Settings of the run, from the command line. */
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { policyNames } from './policies.js';

const settingsSchema = z.strictObject({
  policy: z.string().min(1).default('cslb'),
  hosts: z.coerce.number().int().min(2).max(200).default(24),
  seed: z.coerce.number().int().default(1),
  trace: z.string().min(1).optional(),
  report: z.string().min(1).default('out/report.html'),
});

/** Settings of the run. */
export type Settings = z.infer<typeof settingsSchema>;

/** What `--help` prints. */
const usage = `npm start -- [--policy NAME] [--hosts N] [--seed N] [--trace FILE] [--report FILE]

  --policy NAME   ${policyNames.join(', ')} (default cslb), or a file: a module with a policy as its
                  default export, or a JSON policy document; the other arm never migrates
  --hosts N       number of hosts, 2 to 200 (default 24), with 13 guests on each
  --seed N        everything that is left to chance follows from it (default 1)
  --trace FILE    a table of recorded utilisation, "vm,0,1,2,…" and a row a machine in percent, one value
                  every five minutes; .csv or .csv.gz (default: the recorded day that comes along)
  --report FILE   where the HTML report goes (default out/report.html)`;

/**
 * Reads the command line.
 *
 * @returns the settings, or a text for the user where there is nothing to run
 */
export const readSettings = (
  words: readonly string[],
): { readonly settings: Settings } | { readonly say: string; readonly exit: 0 | 2 } => {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        policy: { type: 'string' },
        hosts: { type: 'string' },
        seed: { type: 'string' },
        trace: { type: 'string' },
        report: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const { help, ...given } = values;
    if (help === true) return { say: usage, exit: 0 };
    const checked = settingsSchema.safeParse(given);
    if (checked.success) return { settings: checked.data };
    const problems = checked.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`);
    return { say: [...problems, '', usage].join('\n'), exit: 2 };
  } catch (thrown) {
    return { say: `${thrown instanceof Error ? thrown.message : String(thrown)}\n\n${usage}`, exit: 2 };
  }
};
