/** Lab: two "hosts" on this machine, each a directory, and guests of QEMU on them that are gone when the lab is. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstValueFrom } from 'rxjs';
import { collected, localCommands, qemu, type QemuHost, type QemuOptions, type RunCommand } from 'whither/drivers';
import { localFiles } from 'whither/metrics';
import { type Guest, guestSchema, type Host, hostSchema, mebibytes, seconds } from 'whither/model';

/** What a guest of the lab does; see guest/guest.c. */
export interface Work {
  /** Memory that is dirtied over and over, MiB. */
  readonly set: number;
  /** Pages a second. */
  readonly rate: number;
  /** Memory that is written once, MiB. */
  readonly fill: number;
  /** Percent of its processor. */
  readonly busy: number;
}

/** Two hosts and what runs on them. */
export interface Lab {
  readonly directory: string;
  readonly host: (id: string, state?: Host['state']) => QemuHost;
  /** Starts a guest on a host and waits until it lives. */
  readonly start: (id: string, host: string, work: Work) => Promise<Guest>;
  /** How far a guest's clock was last told on a host, in seconds; `undefined` where it never ran. */
  readonly ticks: (id: string, host: string) => number | undefined;
  /** Numbers of the QEMU processes of a host. */
  readonly processes: (host?: string) => readonly number[];
  readonly options: (guests: readonly Guest[], more?: Partial<QemuOptions>) => QemuOptions;
  /** Ends all that it started. */
  readonly close: () => void;
}

const program = 'qemu-system-x86_64';

const built = (directory: string): string => {
  const source = fileURLToPath(new URL('./guest/guest.c', import.meta.url));
  const layout = fileURLToPath(new URL('./guest/guest.ld', import.meta.url));
  const image = join(directory, 'guest.elf');
  const flags = ['-m32', '-O1', '-ffreestanding', '-fno-pic', '-fno-stack-protector', '-fcf-protection=none'];
  const linker = ['-Wl,--build-id=none', '-Wl,--no-warn-rwx-segments', `-Wl,-T,${layout}`];
  execFileSync('gcc', [...flags, '-mgeneral-regs-only', '-nostdlib', '-static', ...linker, '-o', image, source]);
  return image;
};

/** What is missing for the lab on this machine, or `undefined`. */
export const missing = (): string | undefined => {
  for (const [tool, from] of [
    [program, 'qemu-system-x86'],
    ['gcc', 'gcc'],
    ['ps', 'procps'],
  ] as const)
    try {
      execFileSync('which', [tool], { stdio: 'ignore' });
    } catch {
      return `${tool} is not installed (Debian: ${from})`;
    }
  return undefined;
};

const run: RunCommand = localCommands();

const until = async (holds: () => boolean, what: string, longest = 20_000): Promise<void> => {
  const end = performance.now() + longest;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`${what} took longer than ${longest} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** Memory of each guest, MiB. */
const memory = 128;

/** Opens a lab. */
export const openLab = (): Lab => {
  const directory = mkdtempSync(join(tmpdir(), 'whither-e2e-'));
  const image = built(directory);
  const at = (host: string, file = ''): string => join(directory, host, file);
  for (const host of ['a', 'b']) mkdirSync(at(host));

  const processes = (host?: string): readonly number[] =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
          const its = host === undefined ? `${directory}/` : `unix:${at(host)}/`;
          return words[0]?.endsWith(program) === true && words.some((word) => word.includes(its)) ? [Number(pid)] : [];
        } catch {
          return [];
        }
      });

  const ticks = (id: string, host: string): number | undefined => {
    const log = at(host, `${id}.log`);
    if (!existsSync(log)) return undefined;
    const told = [...readFileSync(log, 'latin1').matchAll(/^tick (\d+)\r?$/gm)].at(-1)?.[1];
    return told === undefined ? undefined : Number(told);
  };

  const host: Lab['host'] = (id, state = 'active') => ({
    host: hostSchema.parse({
      id,
      state,
      cpu: { clock: 2e9, cores: 1, threads: 1 },
      memory: { total: mebibytes(1024) },
      networks: [{ role: 'migration', link: 'loopback', bandwidth: 1e9 }],
    }),
    run,
    directory: at(id),
    incoming: { address: '127.0.0.1', ports: [0, 0] },
    samples: 'guests',
    files: localFiles(),
  });

  return {
    directory,
    host,
    ticks,
    processes,
    start: async (id, on, { set, rate, fill, busy }) => {
      const ended = await firstValueFrom(
        collected(
          run(
            [
              program,
              ...['-name', id, '-accel', 'tcg', '-M', 'pc', '-m', String(memory), '-nodefaults', '-no-user-config'],
              ...['-display', 'none', '-kernel', image],
              ...['-append', `set=${set} rate=${rate} fill=${fill} busy=${busy}`],
              ...['-chardev', `file,id=serial,path=${at(on, `${id}.log`)}`, '-serial', 'chardev:serial'],
              ...['-qmp', `unix:${at(on, `${id}.qmp`)},server=on,wait=off`, '-daemonize'],
            ],
            { deadline: seconds(20) },
          ),
        ),
      );
      if (ended.code !== 0) throw new Error(`${program} ended with ${ended.code}: ${ended.stderr}`);
      await until(() => (ticks(id, on) ?? 0) >= 1, `guest ${id}`);
      return guestSchema.parse({ id, host: on, vcpus: 1, memory: mebibytes(memory) });
    },
    options: (guests, more = {}) => ({
      hosts: [host('a'), host('b')],
      guests,
      every: 500,
      watchEvery: 100,
      patience: seconds(15),
      ...more,
    }),
    close: () => {
      for (const pid of processes())
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It was just ending by itself.
        }
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

/** A driver of the lab. */
export const labDriver = (
  lab: Lab,
  guests: readonly Guest[],
  more: Partial<QemuOptions> = {},
): ReturnType<typeof qemu> => qemu(lab.options(guests, more));

export { until };
