/** Whether the destination runs the instruction set that the guest runs on now. */
import { hostSubject, lookFor } from '../../model/index.js';
import type { Constraint } from '../constraint.js';

/** The destination has the instruction set of the source. */
export const sameArchitecture: Constraint = {
  name: 'architecture',
  judge: ({ from, to }) => [
    lookFor({
      rule: 'architecture',
      subject: hostSubject(to.id),
      measure: 'architecture',
      value: to.cpu.architecture,
      among: [from.cpu.architecture],
    }),
  ],
};
