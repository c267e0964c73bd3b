/** RemoteScript: what the other machine's shell does with a command, so that it has an end, an exit code and an input. */
import { quoted } from './quoted.js';

/** Begins what the script itself says on stderr, where ssh has no code for it. */
export const marker = '\u001ewhither:';

/**
 * Its arguments are the length of the input, or `open`, and the command. It runs the command in a session of its own with that
 * many bytes of input, and ends the session when the connection ends: that is when the rest of its own input does. A command whose
 * input stays open sees that end itself.
 *
 * The input is read whole before the command starts: what waits for the connection's end reads from the same place and would take it,
 * and an input cut short by that end must not reach the command. A shell's variable holds no zero byte.
 *
 * ssh ends with 255 where it fails itself, and a shell with 127 where there is no such program, so both are told of apart.
 */
const script = `
LC_ALL=C; export LC_ALL
length=$1; shift
command -v -- "$1" >/dev/null 2>&1 || { printf '\\036whither:missing\\n' >&2; exit 127; }
if [ "$length" = open ]; then "$@"; code=$?
else
exec 3<&0
if [ "$length" -gt 0 ]; then
input=$(head -c "$length" <&3; printf x); input=\${input%x}
[ "\${#input}" -eq "$length" ] || exit 255
printf %s "$input" 2>/dev/null | setsid -- "$@" 3<&- &
else setsid -- "$@" </dev/null 3<&- & fi
child=$!
( cat <&3; trap "" TERM; kill -s TERM -- "-$child"; sleep 2; kill -s KILL -- "-$child" ) >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait "$child"; code=$?
kill "$watch" 2>/dev/null
fi
[ "$code" -ne 255 ] || printf '\\036whither:255\\n' >&2
exit "$code"
`.trim();

/** The one text that is given to ssh for a command; of its arguments a shell reads none for more than it is. */
export const remoteCommand = (argv: readonly string[], inputLength: number | 'open'): string =>
  ['exec', 'sh', '-c', quoted(script), 'whither', String(inputLength), ...argv.map(quoted)].join(' ');
