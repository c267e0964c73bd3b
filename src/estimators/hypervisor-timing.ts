/** Timing: the constants of a hypervisor and its host that no fact of a move tells. */
import { kibibytes, mebibytes, type Bytes, type Milliseconds } from '../model/index.js';

/** Constants of a QEMU and its host. Each can be replaced by what a site measured. */
export interface QemuTiming {
  /** From the order to the first page. */
  readonly setup: Milliseconds;
  /** Length of a rate-limit window: 100 ms (`BUFFER_DELAY`) and what the timer wakes too late. */
  readonly window: Milliseconds;
  /** Share of the bandwidth that arrives as stream; the rest is headers of the network. */
  readonly goodput: number;
  /** Speed at which pages of a running guest are found and sent, where neither cap nor line is slower; bytes per millisecond. */
  readonly copySpeed: number;
  /** Longest stretch of sending before QEMU looks again (`MAX_WAIT`, 50 ms, passed by up to one tick). */
  readonly slice: Milliseconds;
  /** Bytes on the wire per byte of a page sent in full. */
  readonly pageOverhead: number;
  /** Bytes on the wire per byte of a zero page. */
  readonly zeroPage: number;
  /** Speed at which zero pages are found, bytes per millisecond. */
  readonly zeroSpeed: number;
  /** Memory at the end of the guest that its kernel fills early; what is free and zero lies before it. */
  readonly tail: Bytes;
  /** Memory of the resident kernel and devices that is dirtied again and again by an idle guest. */
  readonly idleSet: Bytes;
  /** Its rate, bytes per millisecond. */
  readonly idleRate: number;
  /** Stop, device state and start. */
  readonly stop: Milliseconds;
  /** Part of the stop that grows with memory (bitmap walks), milliseconds per byte. */
  readonly stopPerByte: number;
  /** Data in socket buffers that a link which is the bottleneck has still to carry when QEMU has handed over its last byte. */
  readonly socketBuffer: Bytes;
  /** Queue of a link that is the bottleneck. */
  readonly linkQueue: Milliseconds;
  /** Switch to post-copy: stop, discard of dirty pages, start. */
  readonly postCopyStop: Milliseconds;
}

/** Constants measured on QEMU 7.2 without disk and network card; real hosts have a longer stop and a fixed part. */
export const qemuTiming: QemuTiming = {
  setup: 3,
  window: 100.35,
  goodput: 0.99,
  copySpeed: mebibytes(0.7),
  slice: 51,
  pageOverhead: 1 + 8 / 4096,
  zeroPage: 9 / 4096,
  zeroSpeed: mebibytes(8.2),
  tail: mebibytes(8),
  idleSet: kibibytes(640),
  idleRate: kibibytes(3.6),
  stop: 3.8,
  stopPerByte: 4.3 / 2 ** 30,
  socketBuffer: mebibytes(1),
  linkQueue: 26,
  postCopyStop: 20,
};
