/** Inventory document: hosts and guests as a person writes them down, with units, to the inventory that the model knows. */
import * as z from 'zod';
import { type Guest, type Host, type Inventory, inventorySchema } from '../model/index.js';
import { type QuantityName, type QuantityProblem, readQuantity } from './quantity.js';
import { readDocument } from './schema.js';

/** Which fields of a thing are quantities: the thing's own shape, with the quantities' names in the place of the numbers. */
type Quantities<Thing> = Thing extends number
  ? QuantityName
  : Thing extends readonly (infer Element)[]
    ? readonly [Quantities<Element>]
    : Thing extends object
      ? { readonly [Key in keyof Thing]?: Quantities<NonNullable<Thing[Key]>> }
      : never;

const host: Quantities<Host> = {
  cpu: { clock: 'clock', cache: 'bytes' },
  memory: { total: 'bytes', reserved: 'bytes', speed: 'rate' },
  storage: [{ score: 'rate', free: 'bytes' }],
  networks: [{ bandwidth: 'rate' }],
  power: [{ utilisation: 'share', watts: 'power' }],
};

const guest: Quantities<Guest> = { memory: 'bytes', image: { size: 'bytes' } };

/** The same without the shapes, for the walk through a document that may be anything. */
type Table = QuantityName | readonly [Table] | { readonly [key: string]: Table };

const inventory: Table = { hosts: [host as Table], guests: [guest as Table] };

type Report = (path: readonly PropertyKey[], problem: QuantityProblem) => void;

const isList = (table: Table): table is readonly [Table] => Array.isArray(table);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Puts numbers in the place of the texts at the places that the table names. What has another shape is left to the schema. */
const withNumbers = (table: Table, value: unknown, path: readonly PropertyKey[], report: Report): unknown => {
  if (typeof table === 'string') {
    if (typeof value !== 'string') return value;
    const read = readQuantity(table, value);
    if (read.ok) return read.value;
    report(path, read.error);
    return value;
  }
  if (isList(table))
    return Array.isArray(value) ? value.map((one, i) => withNumbers(table[0], one, [...path, i], report)) : value;
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => {
      const inner = Object.hasOwn(table, key) ? table[key] : undefined;
      return [key, inner === undefined ? one : withNumbers(inner, one, [...path, key], report)];
    }),
  );
};

/**
 * Schema of an inventory as a person writes it: the model's inventory, in which every quantity may be a text with a unit
 * (`"clock": "2.4 GHz"`, `"memory": "64 GiB"`). Unknown keys, wrong units and guests on unknown hosts are refused by their path.
 */
export const inventoryDocument: z.ZodType<Inventory> = /* @__PURE__ */ z
  .unknown()
  .transform((document, context) => {
    const before = context.issues.length;
    const read = withNumbers(inventory, document, [], (path, problem) =>
      context.addIssue({ code: 'custom', path: [...path], message: problem.message, params: { quantity: problem } }),
    );
    return context.issues.length > before ? z.NEVER : read;
  })
  .pipe(inventorySchema);

/**
 * Reads an inventory document.
 *
 * @param document - plain data, such as `JSON.parse` gives
 * @param name - the first part of all paths in the error, such as the name of the file
 * @throws ConfigurationError with every value that was not taken, by its path
 */
export const readInventory = (document: unknown, name = ''): Inventory =>
  readDocument(inventoryDocument, document, name);
