/** Whether an image that would have to be copied finds room at the destination. */
import { compare, hostSubject, type Reason, unknown } from '../../model/index.js';
import type { Constraint } from '../constraint.js';

const rule = 'storage';

/**
 * Where both hosts hold a local storage of the image's name, the image would have to be copied, and must fit into what is
 * free. A shared image stays where it is and needs no room.
 */
export const enoughStorage: Constraint = {
  name: rule,
  judge: ({ guest, from, to }): readonly Reason[] => {
    const { image } = guest;
    const path = to.storage.find(({ id, access }) => id === image?.storage && access === 'local');
    const localAtSource = from.storage.some(({ id, access }) => id === image?.storage && access === 'local');
    if (!image || !path || !localAtSource || from.id === to.id) return [];
    const subject = hostSubject(to.id);
    const measure = `free storage on ${path.id}`;
    return [
      path.free === undefined || image.size === undefined
        ? unknown({ rule, subject, measure: path.free === undefined ? measure : 'image size', why: 'not measured' })
        : compare({ rule, subject, measure, value: path.free, relation: 'at least', limit: image.size, unit: 'bytes' }),
    ];
  },
};
