/** Fixture: the text of a recorded file. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Text of a file under `test/fixtures/linux`. */
export const fixture = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/linux/${name}`, import.meta.url)), 'utf8');
