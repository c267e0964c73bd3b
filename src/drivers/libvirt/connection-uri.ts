/** ConnectionUri: which libvirt daemon is meant, from a URI that holds nothing that a program could take for an order. */
import { failed, ok, type Result } from '../../model/index.js';

/** A libvirt daemon and the way to it. */
export interface ConnectionUri {
  /** The URI as it is handed to virsh. */
  readonly text: string;
  readonly hypervisor: 'qemu' | 'test';
  readonly transport: 'unix' | 'ssh' | 'libssh' | 'libssh2' | 'tcp' | 'tls';
  /** Absent for the daemon of the machine that virsh runs on. */
  readonly host?: string;
}

const shape =
  /^(qemu|test)(?:\+(unix|ssh|libssh|libssh2|tcp|tls))?:\/\/(?:(?:([A-Za-z0-9_][\w.-]{0,63})@)?([A-Za-z0-9](?:[\w.-]{0,252}[A-Za-z0-9])?|\[[0-9a-fA-F:.]{2,45}\])(?::(\d{1,5}))?)?(\/[\w./-]{0,255})(?:\?(.{1,1000}))?$/;

/** Parameters that say where something lies or how to check it. Those that name a program to be run (`command`, `netcat`) are not among them. */
const harmless: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'keyfile',
  'known_hosts',
  'known_hosts_verify',
  'mode',
  'no_tty',
  'no_verify',
  'pkipath',
  'proxy',
  'socket',
  'sshauth',
  'tls_priority',
]);

const parameter = /^([a-z_]+)=([\w./,:+-]{1,255})$/;

/**
 * A connection URI such as `qemu+ssh://a/system`, `qemu+tcp://a:16509/system`, `qemu+tls://a/system`, `qemu:///system` or
 * `test:///default`; or why it is refused. Passwords are refused: they belong into libvirt's own files.
 */
export const connectionUri = (text: string): Result<ConnectionUri, string> => {
  const [, hypervisor, transport, , host, port, , query] = shape.exec(text) ?? [];
  if (hypervisor === undefined)
    return failed(
      'must be like qemu+ssh://host/system, qemu+tcp://host/system, qemu+tls://host/system or qemu:///system',
    );
  if (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65535)) return failed(`${port} is no port`);
  for (const part of query?.split('&') ?? []) {
    const [, key, value] = parameter.exec(part) ?? [];
    if (key === undefined || value === undefined || !harmless.has(key))
      return failed(`the parameter "${part}" is not one of ${[...harmless].join(', ')}`);
  }
  // The pattern admits these words alone.
  const kind = hypervisor as ConnectionUri['hypervisor'];
  const way = (transport ?? (host === undefined ? 'unix' : 'tls')) as ConnectionUri['transport'];
  if (host === undefined && way !== 'unix') return failed('must name a host');
  return ok({ text, hypervisor: kind, transport: way, ...(host === undefined ? {} : { host }) });
};
