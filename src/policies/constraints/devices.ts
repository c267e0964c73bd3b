/** Whether the destination has the special hardware that a guest needs. */
import { hostSubject, lookFor } from '../../model/index.js';
import type { Constraint } from '../constraint.js';

/** Every device that the guest needs is present at the destination (Muda, §8.3; M45). */
export const devicesPresent: Constraint = {
  name: 'devices',
  judge: ({ guest, to }) =>
    guest.devices.map((device) =>
      lookFor({
        rule: 'devices',
        subject: hostSubject(to.id),
        measure: 'device',
        value: device,
        among: to.devices,
      }),
    ),
};
