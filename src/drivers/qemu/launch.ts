/** Launch: from how a guest's QEMU was started to how its receiver is (Muda, M33). */
import { failed, type GuestId, ok, type Result } from '../../model/index.js';
import { listensAt, type QmpAddress, qmpArgument } from '../qmp/index.js';

/** A running process as `ps` lists it. */
export interface Listed {
  readonly pid: number;
  readonly text: string;
}

/** Processes of `ps -ww -eo pid=,args=` whose line holds a text. Lines that are none are passed over. */
export const listed = (output: string, holding: string): readonly Listed[] =>
  output.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(.*)$/.exec(line);
    const [, pid, text] = found ?? [];
    return pid !== undefined && text?.includes(holding) === true ? [{ pid: Number(pid), text }] : [];
  });

/** Arguments of `/proc/[pid]/cmdline`, in which each ends with a zero byte. */
export const argumentsOf = (cmdline: string): readonly string[] => cmdline.split('\0').slice(0, -1);

/** Whether a command line is that of the QEMU that listens at an address. */
export const isQemuAt = (argv: readonly string[], address: QmpAddress): boolean =>
  isQemu(argv[0] ?? '') && argv.some((part, i) => bare(argv[i - 1]) === '-qmp' && listensAt(part, address));

/** What starts with the source's own parameters is a QEMU, and nothing else. */
const isQemu = (program: string): boolean => /^(?:\/[^\0]*\/)?(?:qemu-system-[a-z0-9_]+|qemu-kvm|kvm)$/.test(program);

/** An option as QEMU reads it: with one dash or with two. */
const bare = (option: string | undefined): string => (option ?? '').replace(/^--/, '-');

/** Options that belong to one start alone; those with a value are followed by it. */
const own: Readonly<Record<string, 0 | 1>> = {
  '-qmp': 1,
  '-incoming': 1,
  '-pidfile': 1,
  '-loadvm': 1,
  '-S': 0,
  '-daemonize': 0,
};

/** What differs between the two hosts. */
export interface ReceiverOn {
  readonly guest: GuestId;
  readonly fromDirectory: string;
  readonly toDirectory: string;
  readonly address: QmpAddress;
  readonly pidFile: string;
}

/**
 * The command that starts a receiver that is equal to the source, but that it waits for the guest, listens at its own address, and
 * has its files in its own host's directory wherever the source has them in that of its own.
 *
 * What was plugged in later than the source's start is not in its parameters. QEMU itself refuses a guest that does not fit.
 */
export const receiverCommand = (
  source: readonly string[],
  { fromDirectory, toDirectory, address, pidFile }: ReceiverOn,
): Result<readonly [string, ...string[]], string> => {
  const [program, ...parts] = source;
  if (program === undefined || !isQemu(program)) return failed(`${program ?? 'nothing'} is no QEMU`);
  const kept: string[] = [];
  // Only where a path begins, for the directory may be the end of another's path.
  const inDirectory = new RegExp(`(^|[=:,])${fromDirectory.replaceAll(/[.+]/g, '\\$&')}/`, 'g');
  for (let i = 0; i < parts.length; i += 1) {
    const part = parts[i] ?? '';
    const values = own[bare(part)];
    if (values === undefined) kept.push(part.replaceAll(inDirectory, `$1${toDirectory}/`));
    else i += values;
  }
  return ok([program, ...kept, '-qmp', qmpArgument(address), '-pidfile', pidFile, '-incoming', 'defer', '-daemonize']);
};
