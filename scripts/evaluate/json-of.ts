/** JSON of a file, or an error that names the file. */

/**
 * Reads a text as JSON; a mark of byte order before it is left out.
 *
 * @throws Error with the file's path where it is none
 */
export const jsonOf = (path: string, text: string): unknown => {
  try {
    return JSON.parse(text.replace(/^\u{FEFF}/u, ''));
  } catch (error) {
    throw new Error(`${path}: is not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
};
