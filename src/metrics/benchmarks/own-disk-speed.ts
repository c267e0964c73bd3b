/** Own disk speed: writes a file and reads it again past the page cache where the file system allows, within a bounded time. */
import { constants } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bytes, mebibytes, type Milliseconds, ok, seconds } from '../../model/index.js';
import { type Benchmark, cannot } from './benchmark.js';

/** Where, and how much. */
export interface OwnDiskSpeedOptions {
  readonly directory: string;
  /** Size of the file; default 256 MiB. */
  readonly size?: Bytes;
  /** Longest time that writing, and then reading, may take, to within one block; default 5 s each. */
  readonly time?: Milliseconds;
  readonly signal?: AbortSignal;
  /** A clock that only goes forward; default the process' own. */
  readonly clock?: () => Milliseconds;
}

const block = mebibytes(1);

interface Moved {
  readonly bytes: Bytes;
  readonly time: Milliseconds;
}

/** Alignment that suits all disks; some older kernels ask for it of the memory that is read into. */
const page = 4096;

/**
 * A part of the memory that the file can be read into, or `undefined`. Where memory begins is not told here, so the places it may
 * be aligned at are tried, the likeliest first: a read into a wrong one is refused at once.
 */
const readable = async (file: FileHandle, memory: Uint8Array): Promise<Uint8Array | undefined> => {
  const places = [0, page - 16, ...Array.from({ length: page / 16 }, (_, i) => i * 16)];
  for (const place of places) {
    const part = memory.subarray(place, place + block);
    try {
      await file.read(part, 0, page, 0);
      return part;
    } catch {
      // Refused for its alignment: the next one.
    }
  }
  return undefined;
};

/** Moves blocks until the size is reached, the time is over, or the file ends. */
const moved = async (
  move: (position: number) => Promise<number>,
  size: Bytes,
  time: Milliseconds,
  clock: () => Milliseconds,
  cancelled: () => boolean,
): Promise<Moved> => {
  const started = clock();
  let bytes = 0;
  while (bytes < size && clock() - started < time && !cancelled()) {
    const count = await move(bytes);
    if (count === 0) break;
    bytes += count;
  }
  return { bytes, time: clock() - started };
};

/** Opens past the page cache; `undefined` where the file system knows no way, as tmpfs and some network ones. */
const openDirect = async (path: string): Promise<FileHandle | undefined> => {
  try {
    return await open(path, constants.O_RDONLY | constants.O_DIRECT);
  } catch {
    return undefined;
  }
};

/** Reads the file again past the page cache; `undefined` where that cannot be. */
const readAgain = async (
  path: string,
  memory: Uint8Array,
  read: (move: (at: number) => Promise<number>) => Promise<Moved>,
): Promise<Moved | undefined> => {
  const file = await openDirect(path);
  if (file === undefined) return undefined;
  try {
    const part = await readable(file, memory);
    return part && (await read(async (at) => (await file.read(part, 0, block, at)).bytesRead));
  } finally {
    await file.close();
  }
};

/**
 * Writes a file of its own in the directory, brings it to the disk, reads it again, and removes it. The rate is that of reading.
 * Where the page cache cannot be passed by, the rate of writing to the disk is given instead: the read would have been of memory.
 */
export const ownDiskSpeed = async ({
  directory,
  size = mebibytes(256),
  time = seconds(5),
  signal,
  clock = () => performance.now(),
}: OwnDiskSpeedOptions): Promise<Benchmark> => {
  const cancelled = (): boolean => signal?.aborted === true;
  let own: string | undefined;
  try {
    own = await mkdtemp(join(directory, '.whither-'));
    const path = join(own, 'disk-speed');
    const memory = new Uint8Array(block + page).fill(0x5a);
    const out = await open(path, 'wx');
    let written: Moved;
    try {
      const started = clock();
      const write = async (at: number): Promise<number> => (await out.write(memory, 0, block, at)).bytesWritten;
      const { bytes } = await moved(write, size, time, clock, cancelled);
      await out.sync();
      written = { bytes, time: clock() - started };
    } finally {
      await out.close();
    }
    const read = cancelled()
      ? undefined
      : await readAgain(path, memory, (move) => moved(move, written.bytes, time, clock, cancelled));
    if (cancelled()) return cannot('cancelled', `own read in ${directory}: cancelled`);
    const counted = read ?? written;
    if (!(counted.bytes > 0 && counted.time > 0)) return cannot('failed', `own read in ${directory}: no time passed`);
    return ok({
      rate: (counted.bytes / counted.time) * 1000,
      method: read ? 'own read' : 'own write',
      caveats: [
        'one request at a time: fast disks can do more',
        read
          ? 'a cache of the disk or of the machine below may have answered'
          : 'the page cache could not be passed by: this is the rate of writing',
      ],
    });
  } catch (thrown) {
    return cannot('failed', `own read in ${directory}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  } finally {
    if (own !== undefined) await rm(own, { recursive: true, force: true }).catch(() => undefined);
  }
};
