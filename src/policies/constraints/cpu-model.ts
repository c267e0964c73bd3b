/** Whether the destination offers the CPU that a guest was started with. */
import { hostSubject, lookFor, type Reason, unknown } from '../../model/index.js';
import type { Constraint } from '../constraint.js';

const rule = 'cpu model';

/**
 * A guest that was started with the CPU of its host needs the same model and no fewer feature flags at the destination.
 * A guest without such a model sees the hypervisor's own CPU type, for which flags do not matter (Muda, §6.5.1; M28).
 */
export const sameCpuModel: Constraint = {
  name: rule,
  judge: ({ guest, from, to }) => {
    if (guest.cpuModel === undefined) return [];
    const subject = hostSubject(to.id);
    const missing = (measure: string): Reason => unknown({ rule, subject, measure, why: 'not measured' });
    const { model, flags } = to.cpu;
    return [
      model === undefined
        ? missing('CPU model')
        : lookFor({ rule, subject, measure: 'CPU model', value: model, among: [guest.cpuModel] }),
      ...(from.cpu.flags ?? []).map((flag) =>
        flags
          ? lookFor({ rule, subject, measure: 'CPU flag', value: flag, among: flags })
          : missing(`CPU flag ${flag}`),
      ),
    ];
  },
};
