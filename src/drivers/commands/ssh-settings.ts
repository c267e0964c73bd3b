/** SshSettings: where a machine is and how it is reached, checked before ssh sees any of it. */
import * as z from 'zod';
import { pathText } from '../../model/index.js';

/** How a machine is reached by ssh. */
export interface OverSsh {
  /** Name or address. Names of the ssh configuration do too. */
  readonly host: string;
  /** Default: what the ssh configuration says. */
  readonly user?: string;
  /** Default: what the ssh configuration says. */
  readonly port?: number;
  /** File with the key. Default: what the ssh configuration and the agent offer. */
  readonly identityFile?: string;
  /** Socket of a connection that commands share; ssh makes it when it is first needed and keeps it for a minute. Default: none. */
  readonly controlPath?: string;
  /** Further options of `ssh_config`, which win over all others, such as `{ ProxyJump: 'gate' }`. */
  readonly options?: Readonly<Record<string, string>>;
}

/** Neither an option of ssh nor a name with a user, a port or a token in it. Addresses of IPv6 hold colons. */
const hostName = /^[A-Za-z0-9:](?:[A-Za-z0-9._:-]*(?:%[A-Za-z0-9._-]+)?)?$/;
const userName = /^[A-Za-z_][A-Za-z0-9_.-]*\$?$/;
const oneLine = /^[^\u0000-\u001f]+$/;

const schema: z.ZodType<OverSsh> = /* @__PURE__ */ z.strictObject({
  host: /* @__PURE__ */ z.string().max(255).regex(hostName, 'is no name or address of a host'),
  user: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.string().max(64).regex(userName, 'is no name of a user')),
  port: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.int().min(1).max(65_535)),
  identityFile: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.string().regex(oneLine, 'is no path')),
  controlPath: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.string().regex(oneLine, 'is no path')),
  options: /* @__PURE__ */ z.exactOptional(
    /* @__PURE__ */ z.record(
      /* @__PURE__ */ z.string().regex(/^[A-Za-z0-9]+$/, 'is no option of ssh_config'),
      /* @__PURE__ */ z.string().regex(oneLine, 'is not one line'),
    ),
  ),
});

/** Checks settings. @throws Error naming the path of what is wrong */
export const checkedSsh = (settings: OverSsh): OverSsh => {
  const checked = schema.safeParse(settings);
  if (checked.success) return checked.data;
  const said = checked.error.issues.map(
    ({ path, message }) => `overSsh${path.length === 0 ? '' : `.${pathText(path)}`}: ${message}`,
  );
  throw new Error(said.join('\n'));
};

/** Arguments of ssh up to the command. It never asks for anything, and a dead connection ends within a minute. */
export const sshArguments = ({
  host,
  user,
  port,
  identityFile,
  controlPath,
  options = {},
}: OverSsh): readonly [string, ...string[]] => {
  const all: readonly (readonly [string, string | undefined])[] = [
    // Of an option that is given twice, ssh takes the first.
    ...Object.entries(options),
    ['BatchMode', 'yes'],
    ['ConnectTimeout', '10'],
    ['ServerAliveInterval', '15'],
    ['ServerAliveCountMax', '3'],
    ['LogLevel', 'ERROR'],
    ['RequestTTY', 'no'],
    ['ControlMaster', controlPath === undefined ? undefined : 'auto'],
    ['ControlPath', controlPath],
    ['ControlPersist', controlPath === undefined ? undefined : '60'],
    ['User', user],
    ['Port', port?.toString()],
    ['IdentityFile', identityFile],
  ];
  return ['ssh', ...all.flatMap(([key, value]) => (value === undefined ? [] : ['-o', `${key}=${value}`])), '--', host];
};
