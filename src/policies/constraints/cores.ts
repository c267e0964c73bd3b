/** Whether the destination has as many cores as the guest has vCPUs. */
import { compare, hostSubject } from '../../model/index.js';
import type { Constraint } from '../constraint.js';

/** The destination has at least as many cores as the guest has vCPUs (Muda, §6.5.1; M28). */
export const enoughCores: Constraint = {
  name: 'cores',
  judge: ({ guest, to }) => [
    compare({
      rule: 'cores',
      subject: hostSubject(to.id),
      measure: 'cores',
      value: to.cpu.cores,
      relation: 'at least',
      limit: guest.vcpus,
      unit: 'count',
    }),
  ],
};
