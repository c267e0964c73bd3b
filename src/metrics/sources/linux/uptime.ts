/** Turns the text of `/proc/uptime` into the time since start, a clock that nobody sets. */
import { failed, type Milliseconds, ok, seconds } from '../../../model/index.js';
import { completeLines, decimal, type Parsed, wordsOf, wrongLine } from './kernel-text.js';

/** Reads `/proc/uptime`, which has a resolution of 10 ms. */
export const parseUptime = (text: string, file = '/proc/uptime'): Parsed<Milliseconds> => {
  const lines = completeLines(file, text);
  if (!lines.ok) return lines;
  const line = lines.value[0] ?? '';
  const up = decimal(wordsOf(line)[0]);
  return up === undefined ? failed(wrongLine(file, 1, line, 'seconds since start are needed')) : ok(seconds(up));
};
