/** Captures: the text of a recorded output of virsh or of Xen's tools. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (folder: string, name: string): string =>
  fileURLToPath(new URL(`../../fixtures/${folder}/${name}`, import.meta.url));

/** Text of a file under `test/fixtures/libvirt`. */
export const virshSaid = (name: string): string => readFileSync(at('libvirt', name), 'utf8');

/** Text of a file under `test/fixtures/xen-captures`. */
export const xenSaid = (name: string): string => readFileSync(at('xen-captures', name), 'utf8');

/** Names of all captures of a folder. */
export const namesIn = (folder: 'libvirt' | 'xen-captures'): readonly string[] => readdirSync(at(folder, '')).sort();

/** Lengths to cut a text at: every byte of a short one, evenly spread ones of a long one, and all near its end. */
export const cuts = (text: string): readonly number[] => {
  const step = Math.max(1, Math.floor(text.length / 1500));
  return Array.from({ length: text.length }, (_, at) => at).filter((at) => at % step === 0 || text.length - at < 200);
};

/** Every number in a value is finite and not negative. */
export const sound = (value: unknown): boolean => {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0;
  if (value instanceof Map) return [...value.values()].every(sound);
  return typeof value !== 'object' || value === null || Object.values(value).every(sound);
};
