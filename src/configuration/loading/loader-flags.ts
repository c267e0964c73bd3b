/** Loader flags: which of a program's flags say how modules are read, so that another process reads them alike. */

/** Flags of Node with a value of their own, and what they are called in short. */
const withValue = ['--import', '--require', '-r', '--loader', '--experimental-loader', '--conditions', '-C'];

/** Flags of Node that stand alone. */
const alone = ['--experimental-strip-types', '--experimental-transform-types', '--preserve-symlinks'];

/**
 * The flags that say how modules are read. All others are left out: to inspect, to measure, or to run a text once more
 * (`node -e …`) is not what another process is begun for.
 */
export const loaderFlags = (flags: readonly string[]): readonly string[] =>
  flags.flatMap((flag, i) => {
    const name = flag.split('=', 1)[0] ?? flag;
    if (alone.includes(flag) || (flag.includes('=') && withValue.includes(name))) return [flag];
    const value = flags[i + 1];
    return withValue.includes(flag) && value !== undefined ? [flag, value] : [];
  });
