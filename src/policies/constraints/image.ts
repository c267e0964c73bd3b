/** Whether the destination reaches the image of a guest. */
import { hostSubject, lookFor, type Reason } from '../../model/index.js';
import type { Constraint } from '../constraint.js';

/**
 * The destination has a path to the storage of the guest's image (Muda, §4.2.1; M30). A storage that is local to one host may
 * be exported to others; one that is local to both hosts is two storages of one name, and the image lies on only one.
 */
export const imageReachable: Constraint = {
  name: 'image',
  judge: ({ guest, from, to }): readonly Reason[] => {
    if (!guest.image) return [];
    const { storage } = guest.image;
    const localAtSource = from.storage.some(({ id, access }) => id === storage && access === 'local');
    return [
      lookFor({
        rule: 'image',
        subject: hostSubject(to.id),
        measure: 'storage',
        value: storage,
        among: to.storage.filter(({ access }) => !(localAtSource && access === 'local')).map(({ id }) => id),
      }),
    ];
  },
};
