/** Classified: what a subject needs most, as a signal over its last seconds. */
import type { Signal } from '../../metrics/index.js';
import { guestSubject, hostSubject, type Sample, type Subject } from '../../model/index.js';
import type { Classification, Classifier, ClassifierContext } from './classification.js';
import { usage, type UsageOptions, type UsageState } from './usage.js';

/** Over how long, and what is known of all subjects that the signal is folded for. */
export interface ClassifiedOptions extends UsageOptions, Omit<ClassifierContext, 'subject'> {}

/** The window, and whose it is. */
export interface ClassifiedState {
  readonly usage: UsageState;
  readonly subject: Subject | undefined;
}

const subjectOf = ({ kind, id }: Sample): Subject => (kind === 'host' ? hostSubject(id) : guestSubject(id));

/**
 * What a subject needs most, judged over a window (20 s by default, M13). Not known before the samples span half of the window,
 * nor while the classifier finds it unknown.
 *
 * Processors, bandwidth and storage are the same for all subjects of one signal; where they differ watch {@link usage} and
 * call the classifier with each guest's own.
 *
 * @example
 * const policy = definePolicy({ name, watch: { guest: { needs: classified(demandRule(), { processors: 2 }) } }, plan });
 */
export const classified = (
  classifier: Classifier,
  { over, ...context }: ClassifiedOptions = {},
): Signal<Classification, ClassifiedState> => {
  const window = usage(over === undefined ? {} : { over });
  return {
    name: `classified(${classifier.name}, ${window.name}, ${JSON.stringify(context)})`,
    initial: { usage: window.initial, subject: undefined },
    step: (state, sample) => ({ usage: window.step(state.usage, sample), subject: subjectOf(sample) }),
    value: (state) => {
      const used = window.value(state.usage);
      if (used === undefined || state.subject === undefined) return undefined;
      const found = classifier.classify(used, { ...context, subject: state.subject });
      return found.class === 'unknown' ? undefined : found;
    },
  };
};
