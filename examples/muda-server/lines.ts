/** Lines: newline-delimited JSON over a socket, as values in and values out. */
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fromEvent, map, type Observable, takeUntil } from 'rxjs';

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    // What is no JSON is handed on as it came, and refused where messages are read.
    return line;
  }
};

/** The values that come over a socket, one a line, until it closes. */
export const values = (socket: Socket): Observable<unknown> => {
  const lines = createInterface({ input: socket });
  return (fromEvent(lines, 'line') as Observable<string>).pipe(map(parsed), takeUntil(fromEvent(lines, 'close')));
};

/** Sends a value over a socket; a socket that is closed loses it. */
export const send = (socket: Socket, value: unknown): void => {
  if (socket.writable) socket.write(`${JSON.stringify(value)}\n`);
};
