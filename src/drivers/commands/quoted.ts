/** Quoted: turns arguments into the one text that a POSIX shell takes apart into the same arguments again. */

/** One argument within single quotes, where a shell takes nothing for more than itself. */
export const quoted = (argument: string): string => `'${argument.replaceAll("'", "'\\''")}'`;
