/** QmpAddress: where a QEMU listens for QMP, and how that is said to QEMU itself. */

/** Where a QEMU listens for QMP. Neither asks who comes: keep sockets in a directory of your own, and ports in a network of your own. */
export type QmpAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/** An address as a short text for messages. */
export const addressText = (address: QmpAddress): string =>
  address.kind === 'unix' ? address.path : `${address.host}:${address.port}`;

/** A value of QEMU's own syntax, in which a comma stands for two. */
const doubled = (value: string): string => value.replaceAll(',', ',,');

/** The value of `-qmp` with which a QEMU listens there. */
export const qmpArgument = (address: QmpAddress): string =>
  address.kind === 'unix'
    ? `unix:${doubled(address.path)},server=on,wait=off`
    : `tcp:${doubled(address.host)}:${address.port},server=on,wait=off`;

/** Whether a value of `-qmp` listens at an address. A port counts whatever name of the host it was opened for. */
export const listensAt = (value: string, address: QmpAddress): boolean => {
  if (address.kind === 'unix') {
    const start = `unix:${doubled(address.path)}`;
    return value === start || (value.startsWith(`${start},`) && !value.startsWith(`${start},,`));
  }
  return new RegExp(`^tcp:[^,]*:${address.port}(?:,|$)`).test(value);
};
