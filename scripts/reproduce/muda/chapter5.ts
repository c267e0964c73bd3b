/** Chapter 5: the encodings of Table 5.3, ordered by hand, and how long their migrations take. */
import { type Row, row } from '../row.js';
import { encode } from './jobs.js';
import { chapter5, clockOf } from './laboratory.js';
import { encoding53 } from './measured.js';
import { run } from './trial.js';

/** The rows of Table 5.3 but experiment 3, which is faster than any migration allows. */
export const chapter5Rows = (): readonly Row[] =>
  encoding53.rows.flatMap(({ experiment, from, to, link, job, migration, limited }) => {
    const hosts = chapter5(link);
    const course = run({
      hosts,
      from,
      job: encode(encoding53.baseline[from], clockOf(hosts, from)),
      order: { by: 'hand', at: encoding53.trigger, to },
    });
    const name = `experiment ${experiment}, ${from} to ${to}`;
    const took = course.end === undefined || course.start === undefined ? undefined : course.end - course.start;
    return [
      row('5.3', `${name}: ffmpeg`, job, course.job, 's', 0.08),
      row('5.3', `${name}: migration`, migration, took, 's', limited ? 0.4 : 0.15),
    ];
  });
