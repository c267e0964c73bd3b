/** Senders: the processes that carry out moves on a host, from `ps`, for xl has no list of them. */

/** An `xl migrate` that runs. */
export interface Sender {
  readonly process: number;
  /** Domain as the command names it: a number where this driver gave it. */
  readonly domain: string;
  readonly address: string;
}

/** xl itself, not a shell or an ssh that has the same words somewhere in its own. */
const command = /^\s*(\d{1,10})\s+(?:\S*\/)?xl\s(?:-\S+\s)*migrate\s(.*)$/;

/** The moves in the output of `ps -eo pid=,args=`. The last two words are the domain and the host, whatever the options before them. */
export const parseSenders = (text: string): readonly Sender[] =>
  text.split('\n').flatMap((line) => {
    const [, process, rest] = command.exec(line) ?? [];
    const words = rest?.trim().split(/\s+/) ?? [];
    const [domain, address] = words.slice(-2);
    return process === undefined || domain === undefined || address === undefined
      ? []
      : [{ process: Number(process), domain, address }];
  });
