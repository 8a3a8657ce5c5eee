import { Socket } from 'node:net';

/** What is kept of one output stream, and how much there was. */
export interface Capture {
  text(): string;
  bytes(): Buffer;
  /** When the last writer has gone. */
  readonly ended: Promise<void>;
  stop(): void;
}

/**
 * Reads a pipe to its end, keeps the first `keep` bytes and drops the rest. `onBytes` is called with the size of every piece, so
 * that the sum over both streams can be bounded.
 */
export function capture(fd: number, keep: number, onBytes: (bytes: number) => void): Capture {
  const kept: Buffer[] = [];
  let room = keep;
  const { socket, ended } = readPipe(fd, (piece) => {
    if (room > 0) {
      // A copy: a slice would retain the whole buffer that it came in.
      kept.push(Buffer.from(piece.subarray(0, room)));
      room -= Math.min(room, piece.length);
    }
    onBytes(piece.length);
  });
  const bytes = () => Buffer.concat(kept);
  return { text: () => bytes().toString('utf8'), bytes, ended, stop: () => socket.destroy() };
}

/** Reads lines from a pipe until its last writer has gone. The lines are our own and few. */
export function readLines(fd: number, onLine: (line: string) => void): Capture['ended'] {
  let rest = '';
  return readPipe(fd, (piece) => {
    rest += piece.toString('latin1');
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  }).ended;
}

function readPipe(fd: number, onData: (piece: Buffer) => void): { socket: Socket; ended: Promise<void> } {
  const socket = new Socket({ fd, readable: true, writable: false });
  socket.on('data', onData);
  const ended = new Promise<void>((resolve) => {
    // An error closes it too, and then there is nothing more to read.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });
  return { socket, ended };
}
