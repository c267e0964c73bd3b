/** Known: drops the fields of an object that are not known, so that absent means not measured. */

/** A copy of the object without the fields that are `undefined`. */
export const known = <Fields extends object>(
  fields: Fields,
): { readonly [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name] } & {
  readonly [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<Fields[Name], undefined>;
} =>
  // What is left has exactly the fields that are not undefined, which is what the type says; no type follows a filter.
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
