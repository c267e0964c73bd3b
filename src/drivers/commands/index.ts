/** Commands: how commands of hosts are run, here or on another machine. */
export { collected, type Collected, type CollectOptions } from './collected.js';
export type { CommandEvent, CommandOptions, RunCommand } from './command.js';
export { lines, type LinesOptions, outputOf } from './lines.js';
export { localCommands, type LocalCommands } from './local-commands.js';
export { overSsh } from './over-ssh.js';
export type { OverSsh } from './ssh-settings.js';
