/** BrokenPolicy: a policy that could not be had, as plain data, so that whoever waits for it learns why. */

/** A policy that could not be had. An engine that is given one keeps the policy in force, and tells why in an event. */
export interface BrokenPolicy {
  readonly kind: 'broken policy';
  /** Where it was to come from: a file, an address. */
  readonly source: string;
  readonly message: string;
}
