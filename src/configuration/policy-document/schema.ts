/** Schema: what a policy document holds, as types, and as the schema that checks it and is published for editors. */
import * as z from 'zod';

/** The name of a parameter, where a plain text would be a text. */
export interface Reference {
  readonly parameter: string;
}

/** One name or several, each as it is or by a parameter. */
export type Names = string | Reference | readonly (string | Reference)[];

/** An amount: a number, a text with a unit, or the name of a parameter. */
export type Written = number | string;

/** A comparison of an expression. */
export interface Compared {
  readonly value: string;
  readonly above?: Written;
  readonly below?: Written;
  readonly atLeast?: Written;
  readonly atMost?: Written;
  readonly for?: Written;
}

/** What may be asked of hosts and guests alike. */
export type AskedOfBoth =
  | Compared
  | { readonly label: string; readonly is: Names }
  | { readonly name: Names }
  | { readonly rising: string }
  | { readonly falling: string }
  | { readonly flag: string };

/** Conditions joined. */
export type Joined<Asked> = { readonly anyOf: readonly Asked[] } | { readonly not: Asked };

/** A condition on a host. */
export type AskedOfHost =
  | AskedOfBoth
  | { readonly anyOf: readonly AskedOfHost[] }
  | { readonly not: AskedOfHost }
  | { readonly state: Names }
  | { readonly hasGuest: readonly AskedOfGuest[] };

/** A condition on a guest. */
export type AskedOfGuest =
  | AskedOfBoth
  | { readonly anyOf: readonly AskedOfGuest[] }
  | { readonly not: AskedOfGuest }
  | { readonly boundBy: Names }
  | { readonly image: Names };

/** A condition on a move; without a word of whose it is, on its destination. */
export type AskedOfMove =
  | AskedOfHost
  | { readonly guest: readonly AskedOfGuest[] }
  | { readonly from: readonly AskedOfHost[] }
  | { readonly to: readonly AskedOfHost[] }
  | { readonly holdsImage: true };

const make = () => {
  const written = z.union(
    [z.number(), z.string()],
    'expected a text with a unit, a number, or the name of a parameter',
  );
  const named = 'expected a name, { parameter: NAME }, or a list of these';
  const reference = z.strictObject({ parameter: z.string() });
  const names = z.union([z.string(), reference, z.array(z.union([z.string(), reference], named)).min(1)], named);
  const compared = z
    .strictObject({
      value: z.string().describe('An expression, such as "cpu" or "2 * iowait + cpu".'),
      above: z.exactOptional(written),
      below: z.exactOptional(written),
      atLeast: z.exactOptional(written),
      atMost: z.exactOptional(written),
      for: z.exactOptional(written).describe('How long it must have held; for one reading against a plain amount.'),
    })
    .describe('A comparison: exactly one of above, below, atLeast and atMost, with an amount or an expression.');
  const ofBoth = <Asked>(asked: z.ZodType<Asked>) =>
    [
      compared,
      z.strictObject({ label: z.string(), is: names }),
      z.strictObject({ name: names }),
      z.strictObject({ rising: z.string().describe('A reading that goes up.') }),
      z.strictObject({ falling: z.string().describe('A reading that goes down.') }),
      z.strictObject({ flag: z.string().describe('A parameter that says yes or no.') }),
      z.strictObject({ anyOf: z.array(asked).min(1) }).describe('At least one of them holds.'),
      z.strictObject({ not: asked }).describe('It does not hold, and that is known.'),
    ] as const;
  const onHost = 'expected a condition on a host, such as { value: "cpu", above: "80 %" } or { state: "active" }';
  const ofHost: z.ZodType<AskedOfHost> = z.lazy(() =>
    z.union(
      [
        ...ofBoth(ofHost),
        z.strictObject({ state: names }),
        z
          .strictObject({ hasGuest: z.array(ofGuest).min(1) })
          .describe('At least one guest stands on it of which all of these hold.'),
      ],
      onHost,
    ),
  );
  const ofGuest: z.ZodType<AskedOfGuest> = z.lazy(() =>
    z.union(
      [
        ...ofBoth(ofGuest),
        z.strictObject({ boundBy: names }).describe('What it needs most.'),
        z.strictObject({ image: names }).describe('The storage that its image lies on.'),
      ],
      'expected a condition on a guest, such as { value: "cpu", above: "5 %" } or { label: "role", is: "batch" }',
    ),
  );
  const hosts = z.array(ofHost).describe('Conditions on a host; all must hold.');
  const guests = z.array(ofGuest).describe('Conditions on a guest; all must hold.');
  const ofMove: z.ZodType<AskedOfMove> = z.union(
    [
      ofHost,
      z.strictObject({ guest: guests }),
      z.strictObject({ from: hosts }),
      z.strictObject({ to: hosts }),
      z.strictObject({ holdsImage: z.literal(true) }).describe('The destination has the image in a disk of its own.'),
    ],
    'expected a condition on a host, or { guest: […] }, { from: […] }, { to: […] }, { holdsImage: true }',
  );
  const order = {
    most: z.exactOptional(z.string()).describe('An expression: the one that has most of it comes first.'),
    least: z.exactOptional(z.string()).describe('An expression: the one that has least of it comes first.'),
  };
  const choice = z.strictObject({ where: hosts.default([]), ...order });
  const during = z
    .array(
      z.union(
        [
          z
            .strictObject({ time: z.strictObject({ from: written, to: written }) })
            .describe('Times of the day, in UTC.'),
          z.strictObject({ flag: z.string() }),
        ],
        'expected { time: { from, to } } or { flag: NAME }',
      ),
    )
    .default([])
    .describe('What must hold for the rule to be asked at all.');
  const moving = z
    .strictObject({
      while: during,
      hosts: hosts.default([]).describe('Which hosts give guests away; all of them if nothing is said.'),
      guests: z.strictObject({ where: guests.default([]), ...order }),
      to: choice,
      unless: z.exactOptional(z.strictObject({ takesLongerThan: written })),
    })
    .describe('From each of these hosts one guest goes to another host.');
  const switching = z
    .strictObject({
      while: during,
      power: z.union(
        [z.strictObject({ off: choice }), z.strictObject({ on: choice })],
        'expected { off: { where, most } } or { on: { where, most } }',
      ),
    })
    .describe('Advice to switch a host: off the first of these that is empty, or on the first that is off.');
  const whole = z.int().nonnegative();
  const parameter = z.union(
    [
      z.strictObject({ percent: z.number().min(0).max(100) }),
      z.strictObject({ duration: written }),
      z.strictObject({ bytes: written }),
      z.strictObject({ count: whole }),
      z.strictObject({ number: z.number() }),
      z.strictObject({ text: z.string() }),
      z.strictObject({ flag: z.boolean() }),
    ],
    'expected one of percent, duration, bytes, count, number, text and flag, with its default',
  );
  const counted = z.union([whole, z.string()], 'expected a whole number, or the name of a parameter');
  return z
    .strictObject({
      $schema: z.exactOptional(z.string()).describe('Where editors find the schema; not looked at.'),
      name: z.string().min(1),
      every: z.exactOptional(written).describe('How often the policy wants to be asked.'),
      parameters: z
        .record(z.string(), parameter)
        .default({})
        .describe('What a site may set, with its default; named in expressions, amounts and names.'),
      evacuate: z
        .union([z.boolean(), hosts], 'expected true, false, or conditions on hosts')
        .default(false)
        .describe('Whether failing and draining hosts are emptied first, or which hosts are.'),
      limit: z.exactOptional(z.strictObject({ moves: counted, perHost: z.exactOptional(counted) })),
      keepApart: z
        .array(z.strictObject({ guests, from: guests }))
        .default([])
        .describe('No guest of the one kind comes to stand beside one of the other.'),
      keepTogether: z
        .array(z.strictObject({ guests }))
        .default([])
        .describe('No guest of a kind leaves more of its kind behind than it comes to.'),
      prefer: z
        .array(ofMove)
        .default([])
        .describe('In every choice of a host, the moves that meet most of these come first.'),
      afterwards: z.array(ofMove).default([]).describe('What must hold of a move once it is made.'),
      rules: z
        .array(z.union([moving, switching]))
        .default([])
        .describe('One after the other.'),
    })
    .describe('A policy of whither.');
};

/** The schema of a document. */
export const documentSchema = /* @__PURE__ */ make();

/** A document as it was read, with what was left out. */
export type PolicyDocument = z.output<typeof documentSchema>;
