/** Entry: one thing that happened, and when whoever recorded it came to know of it. */
import type { BadInput, Inventory, Migration, Milliseconds, Outcome, Plan, Sample } from '../../model/index.js';

/** What every entry carries. */
interface Recorded {
  /** When the recorder came to know of it; a sample that came late is older than its entry. */
  readonly at: Milliseconds;
}

/**
 * One line of a recording. What came in: inventories, samples, inputs that were none. What came of it: decisions, migrations
 * under way, outcomes. A reader leaves out the kinds that it has no use for.
 */
export type RecordingEntry =
  | (Recorded & { readonly kind: 'inventory'; readonly inventory: Inventory })
  | (Recorded & { readonly kind: 'sample'; readonly sample: Sample })
  | (Recorded & { readonly kind: 'refused'; readonly input: BadInput })
  | (Recorded & { readonly kind: 'migration'; readonly migration: Migration })
  | (Recorded & { readonly kind: 'outcome'; readonly outcome: Outcome })
  | (Recorded & { readonly kind: 'decision'; readonly policy: string; readonly plan: Plan });

/** What the first line of a recording says: what it is, in which version, and anything that its maker wants to keep with it. */
export interface RecordingHeader {
  readonly format: 'whither-recording';
  readonly version: 1;
  /** Free remarks by name: where from, under which licence. */
  readonly about?: Readonly<Record<string, string>>;
}
