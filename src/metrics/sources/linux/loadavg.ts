/** Turns the text of `/proc/loadavg` into load averages. */
import { failed, type LoadAverages, ok } from '../../../model/index.js';
import { completeLines, decimal, type Parsed, wordsOf, wrongLine } from './kernel-text.js';

/** Reads `/proc/loadavg`: the averages over one, five and fifteen minutes (M9, M12). */
export const parseLoadavg = (text: string, file = '/proc/loadavg'): Parsed<LoadAverages> => {
  const lines = completeLines(file, text);
  if (!lines.ok) return lines;
  const line = lines.value[0] ?? '';
  const [one, five, fifteen] = wordsOf(line).slice(0, 3).map(decimal);
  return one === undefined || five === undefined || fifteen === undefined
    ? failed(wrongLine(file, 1, line, 'three load averages are needed'))
    : ok({ one, five, fifteen });
};
