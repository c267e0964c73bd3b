/** Hosts: two real Xen hosts, each within an emulated machine of this one, made from Debian's packages and gone with this process. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { lastValueFrom } from 'rxjs';
import { collected, overSsh, type RunCommand } from '../../../../src/drivers/index.js';
import { minutes, seconds } from '../../../../src/model/index.js';

/** A Xen host of the lab. */
export interface XenHost {
  readonly id: 'xen-a' | 'xen-b';
  /** By which the other reaches it. */
  readonly address: string;
  /** Runs commands there as root, by ssh. */
  readonly commands: RunCommand;
  /** What a shell there prints for a text. */
  readonly shell: (text: string) => Promise<string>;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const run = promisify(execFile);

/** MiB of a host. What its first domain leaves is enough for one guest of the lab, and not for two. */
const memory = 608;
const firstDomain = 448;

const tools: readonly (readonly [tool: string, from: string])[] = [
  ['qemu-system-x86_64', 'qemu-system-x86'],
  ['apt-get', 'apt'],
  ['dpkg-deb', 'dpkg'],
  ['cpio', 'cpio'],
  ['xz', 'xz-utils'],
  ['ldconfig', 'libc-bin'],
  ['setpriv', 'util-linux'],
  ['ssh', 'openssh-client'],
  ['ssh-keygen', 'openssh-client'],
];

/** What this machine lacks for the lab, or `undefined`. */
const missing = (): string | undefined => {
  if (process.getuid?.() !== 0) return 'needs root';
  const absent = tools.find(([tool]) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', tool]).status !== 0);
  return absent && `${absent[0]} is not installed (Debian: ${absent[1]})`;
};

/** Downloads what hosts are made from into a folder. Says why it cannot be had, or nothing. */
export const downloaded = async (folder: string): Promise<string | undefined> => {
  const lacking = missing();
  if (lacking !== undefined) return lacking;
  try {
    await run(join(here, 'packages.sh'), [folder], { timeout: minutes(5) });
    return undefined;
  } catch (thrown) {
    const said =
      typeof thrown === 'object' && thrown !== null && 'stderr' in thrown ? String(thrown.stderr).trim() : '';
    return said === '' ? 'the packages cannot be had' : said;
  }
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const until = async (holds: () => boolean, what: string, longest: number): Promise<void> => {
  const end = performance.now() + longest;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`${what} took longer than ${longest} ms`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};

interface Machine {
  readonly folder: string;
  readonly name: 'a' | 'b';
  readonly port: number;
}

/** The machine ends when the process that started it does, however that ends. */
const machine = ({ folder, name, port }: Machine): ChildProcess => {
  const cable = name === 'a' ? 'server=on' : 'server=off';
  const mac = (card: number): string => `52:54:00:00:0${card}:0${name === 'a' ? 1 : 2}`;
  const hypervisor = [
    'console=com1 com1=115200 noreboot bootscrub=0',
    // Eager, for under emulation the registers of one domain else show up in another.
    'spec-ctrl=no,eager-fpu',
    `dom0_mem=${firstDomain}M,max:${firstDomain}M dom0_max_vcpus=1`,
  ];
  const argv = [
    ...['--pdeathsig', 'KILL', '--', 'qemu-system-x86_64', '-nodefaults', '-no-user-config', '-display', 'none'],
    // With SMAP, XSAVE or RDTSCP as QEMU emulates them, Xen or its guests die.
    ...['-machine', 'pc', '-accel', 'tcg,thread=multi,tb-size=256', '-cpu', 'max,-smap,-xsave,-rdtscp'],
    ...['-m', String(memory), '-kernel', join(folder, 'xen'), '-append', hypervisor.join(' '), '-initrd'],
    `${join(folder, 'vmlinux')} console=hvc0 loglevel=4 mitigations=off whither.host=${name},${join(folder, 'root.cpio')}`,
    ...['-netdev', `user,id=way-in,restrict=on,hostfwd=tcp:127.0.0.1:${port}-:22`],
    ...['-device', `virtio-net-pci,netdev=way-in,mac=${mac(0)}`],
    ...['-netdev', `stream,id=cable,${cable},addr.type=unix,addr.path=${join(folder, 'cable')}`],
    ...['-device', `virtio-net-pci,netdev=cable,mac=${mac(1)}`],
    ...['-serial', `file:${join(folder, `${name}.console`)}`],
  ];
  return spawn('setpriv', argv, { stdio: 'ignore' });
};

/** Makes both hosts from what was downloaded and waits until they answer. */
export const openHosts = async (
  folder: string,
): Promise<{ readonly hosts: readonly [XenHost, XenHost]; readonly close: () => Promise<void> }> => {
  await run(join(here, 'image.sh'), [folder], { timeout: minutes(5) });
  const machines: ChildProcess[] = [];
  const told = (name: string): string =>
    existsSync(join(folder, `${name}.console`)) ? readFileSync(join(folder, `${name}.console`), 'latin1') : '';
  const close = async (): Promise<void> => {
    const alive = machines.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const ended = alive.map((one) => new Promise((resolve) => one.once('exit', resolve)));
    for (const one of alive) one.kill('SIGKILL');
    await Promise.all(ended);
    rmSync(folder, { recursive: true, force: true });
  };

  const started = async (name: 'a' | 'b', address: string): Promise<XenHost> => {
    const port = await freePort();
    const known = join(folder, `known-${name}`);
    writeFileSync(known, `[127.0.0.1]:${port} ${readFileSync(join(folder, 'known'), 'utf8')}`);
    machines.push(machine({ folder, name, port }));
    if (name === 'a') await until(() => existsSync(join(folder, 'cable')), 'the cable', seconds(30));
    const commands = overSsh({
      host: '127.0.0.1',
      user: 'root',
      port,
      identityFile: join(folder, 'key'),
      // A connection takes a second or two of emulation, so all commands share one.
      controlPath: join(folder, `control-${name}`),
      options: { UserKnownHostsFile: known, StrictHostKeyChecking: 'yes', IdentitiesOnly: 'yes', ConnectTimeout: '60' },
    });
    return {
      id: `xen-${name}`,
      address,
      commands,
      shell: async (text) => {
        const { code, stdout, stderr } = await lastValueFrom(
          collected(commands(['bash', '-c', text], { deadline: minutes(3) })),
        );
        if (code !== 0) throw new Error(`"${text}" ended with ${code} on xen-${name}: ${stderr}`);
        return stdout;
      },
    };
  };

  try {
    const hosts = [await started('a', '198.51.100.1'), await started('b', '198.51.100.2')] as const;
    const up = (): boolean => {
      const dead = machines.some(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null);
      const panic = ['a', 'b'].find((name) => /Dom0 crashed|Panic on CPU|Kernel panic/.test(told(name)));
      if (dead || panic !== undefined) throw new Error(`a host did not start:\n${told('a')}\n${told('b')}`);
      return told('a').includes('whither: ready') && told('b').includes('whither: ready');
    };
    await until(up, 'the start of both hosts', minutes(5));
    return { hosts, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
};
