import type { Socket } from 'node:net';
import { PhaseError } from './exchange-result.ts';

const HEAD_END = /\r?\n\r?\n/;
const CONTINUE = 100;
const SWITCHING = 101;

/**
 * Mends in the answers that come over a connection what the parser refuses although it is legal: a `100 Continue` that nobody asked
 * for (RFC 9110, 15.2), folded headers and lines that end without a carriage return (RFC 9112, 5.2 and 2.2). A status below 100, which
 * the parser does not survive, breaks the connection.
 */
export function mendAnswerHead(socket: Socket, maxHeadBytes: number): Socket {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  const push = socket.push.bind(socket);
  /** The part of an answer's head that has come; null while no head is expected. */
  let buffered: Buffer | null = null;
  Object.assign(socket, {
    write: (...args: unknown[]): boolean => {
      if (typeof args[0] === 'string' && args[0].startsWith('POST ')) buffered = Buffer.alloc(0);
      return write(...args);
    },
    push: (chunk: Buffer | null, encoding?: BufferEncoding): boolean => {
      if (buffered === null) return push(chunk, encoding);
      const { mended, rest, status } = mend(Buffer.concat([buffered, chunk ?? Buffer.alloc(0)]));
      if (status !== null && status < CONTINUE) {
        const shown = String(status).padStart(3, '0');
        socket.destroy(new PhaseError('response', `The answer is not valid HTTP: its status is ${shown}.`));
        return false;
      }
      const isWaiting = status === null && chunk !== null && isHeadBegun(rest) && rest.length <= maxHeadBytes;
      buffered = isWaiting ? rest : null;
      const passed = isWaiting ? mended : Buffer.concat([mended, rest]);
      const isFlowing = passed.length === 0 || push(passed);
      return chunk === null ? push(null) : isFlowing;
    },
  });
  return socket;
}

/** What can be passed on, what came after it, and the status once it is the final one. */
function mend(bytes: Buffer): { mended: Buffer; rest: Buffer; status: number | null } {
  const heads: Buffer[] = [];
  let rest = bytes;
  for (;;) {
    const text = rest.toString('latin1');
    const end = HEAD_END.exec(text);
    const status = Number(/^HTTP\/1\.[01] (\d{3})(?!\d)/.exec(text)?.[1] ?? Number.NaN);
    if (end === null || Number.isNaN(status)) return { mended: Buffer.concat(heads), rest, status: null };
    const lines = text
      .slice(0, end.index)
      .replaceAll(/\r?\n[ \t]+/g, ' ')
      .split(/\r?\n/);
    rest = rest.subarray(end.index + end[0].length);
    if (status !== CONTINUE) heads.push(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
    if (status >= 200 || status === SWITCHING || status < CONTINUE)
      return { mended: Buffer.concat(heads), rest, status };
  }
}

/** Whether this may yet become a head. */
function isHeadBegun(bytes: Buffer): boolean {
  return (
    /^(?:|H|HT|HTT|HTTP|HTTP\/.*)$/s.test(bytes.toString('latin1')) &&
    !HEAD_END.test(bytes.toString('latin1'))
  );
}
