/** DomainXml: what `virsh dumpxml` prints, turned into what was given to a guest and what ties it to its host. */
import { type BadInput, type Bytes, failed, ok, printable, type Result } from '../../model/index.js';
import { childrenOf, descendant, parseXml, type XmlElement } from './xml.js';

/** A disk of a guest. */
export interface DomainDisk {
  /** `file` and `block` lie under a path of the host; `network` and `volume` elsewhere. */
  readonly kind: string;
  /** Path on the host, or name at the server. Absent for an empty drive. */
  readonly source?: string;
  readonly readOnly: boolean;
}

/** What was given to a guest. */
export interface DomainFacts {
  readonly uuid: string;
  readonly name: string;
  readonly memory: Bytes;
  readonly vcpus: number;
  /** `kvm`, or `qemu` where it is emulated. */
  readonly hypervisor: string;
  /** Whether it was started with the very CPU of its host, so that no other model will do. */
  readonly hostCpu: boolean;
  readonly disks: readonly DomainDisk[];
  /** Devices of the host that were handed to it, such as `pci`; it cannot leave with them. */
  readonly hostDevices: readonly string[];
}

const units: Readonly<Record<string, number>> = {
  b: 1,
  bytes: 1,
  KB: 1e3,
  k: 1024,
  KiB: 1024,
  MB: 1e6,
  M: 1024 ** 2,
  MiB: 1024 ** 2,
  GB: 1e9,
  G: 1024 ** 3,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

const memoryOf = (domain: XmlElement): Bytes | undefined => {
  const element = descendant(domain, 'memory');
  const text = element?.text.trim() ?? '';
  const bytes = Number(text) * (units[element?.attributes.get('unit') ?? 'KiB'] ?? Number.NaN);
  return /^\d{1,15}$/.test(text) && bytes > 0 && Number.isFinite(bytes) ? bytes : undefined;
};

const countOf = (element: XmlElement | undefined): number | undefined => {
  const text = element?.attributes.get('current') ?? element?.text.trim() ?? '';
  return /^[1-9]\d{0,4}$/.test(text) ? Number(text) : undefined;
};

const diskOf = (disk: XmlElement): DomainDisk => {
  const attributes = descendant(disk, 'source')?.attributes;
  const source = ['file', 'dev', 'name', 'volume', 'dir'].flatMap((key) => attributes?.get(key) ?? [])[0];
  const device = disk.attributes.get('device') ?? 'disk';
  return {
    kind: disk.attributes.get('type') ?? 'file',
    ...(source === undefined ? {} : { source }),
    readOnly: device === 'cdrom' || descendant(disk, 'readonly') !== undefined,
  };
};

/** The guest in the output of `virsh dumpxml`. */
export const parseDomainXml = (text: string): Result<DomainFacts, BadInput> => {
  const refuse = (message: string): Result<never, BadInput> =>
    failed({
      kind: 'bad-input',
      source: 'virsh dumpxml',
      place: 'output',
      problem: 'malformed',
      message,
      value: printable(text),
    });
  const read = parseXml(text);
  if (!read.ok) return refuse(read.error);
  const domain = read.value;
  const uuid = descendant(domain, 'uuid')?.text.trim();
  const name = descendant(domain, 'name')?.text;
  const memory = memoryOf(domain);
  const vcpus = countOf(descendant(domain, 'vcpu'));
  if (domain.name !== 'domain' || !uuid || !name || memory === undefined || vcpus === undefined)
    return refuse('must tell the name, the UUID, the memory and the processors of a guest');
  const devices = descendant(domain, 'devices');
  return ok({
    uuid,
    name,
    memory,
    vcpus,
    hypervisor: domain.attributes.get('type') ?? '',
    hostCpu: descendant(domain, 'cpu')?.attributes.get('mode') === 'host-passthrough',
    disks: childrenOf(devices, 'disk').map(diskOf),
    hostDevices: [
      ...childrenOf(devices, 'hostdev').map(({ attributes }) => attributes.get('type') ?? 'hostdev'),
      ...childrenOf(devices, 'interface')
        .filter(({ attributes }) => attributes.get('type') === 'hostdev')
        .map(() => 'network'),
    ],
  });
};
