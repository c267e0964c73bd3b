/** Report: the answer to a what-if, for people. */
import { sayQuantity } from '../../model/index.js';
import type { Compared, WhatIf } from './what-if.js';

const percentage = (share: number): string => `${(share * 100).toFixed(2)} %`;

const rows: readonly { readonly name: string; readonly of: (arm: Compared) => string }[] = [
  { name: 'moves', of: ({ moves }) => String(moves.filter(({ done }) => done).length) },
  { name: 'failed moves', of: ({ moves }) => String(moves.filter(({ done }) => !done).length) },
  { name: 'not admitted', of: ({ refused }) => String(refused) },
  { name: 'overloaded host-time', of: ({ overloaded }) => sayQuantity(overloaded, 'milliseconds') },
  { name: 'demand not served', of: ({ unserved }) => percentage(unserved) },
  { name: 'distance from even', of: ({ unevenness }) => percentage(unevenness) },
  { name: 'sent', of: ({ bytes }) => sayQuantity(bytes, 'bytes') },
  { name: 'standing still', of: ({ downtime }) => sayQuantity(downtime, 'milliseconds') },
  { name: 'overload spared', of: ({ gain }) => sayQuantity(gain.overloaded, 'milliseconds') },
  { name: 'more work done', of: ({ gain }) => percentage(gain.served) },
];

/** The answer as a Markdown page: a table with a column for each arm, and what was assumed. */
export const whatIfReport = ({ from, to, hosts, guests, arms, assumed }: WhatIf): string =>
  [
    '# What if',
    '',
    `${hosts} hosts, ${guests} guests, ${sayQuantity(to - from, 'milliseconds')} of their past, lived through again in the simulation.`,
    '',
    `| | ${arms.map(({ name }) => name.replaceAll('|', String.raw`\|`)).join(' | ')} |`,
    `| --- |${' ---: |'.repeat(arms.length)}`,
    ...rows.map(({ name, of }) => `| ${name} | ${arms.map(of).join(' | ')} |`),
    '',
    '## Assumed',
    '',
    ...assumed.map((sentence) => `- ${sentence}`),
    '',
  ].join('\n');
