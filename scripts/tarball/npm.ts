/** Runs npm quietly; its failure is an error that says what npm said. */
import { run } from '../check/command.js';

/** Runs one npm command in a folder and gives what it printed. */
export const npm = async (cwd: string, ...args: readonly string[]): Promise<string> => {
  const { code, printed, output } = await run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd });
  if (code !== 0) throw new Error(`npm ${args.join(' ')} in ${cwd} ended with ${code ?? 'a signal'}:\n${output}`);
  return printed;
};
