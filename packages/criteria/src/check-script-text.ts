import { Script } from 'node:vm';
import type { ScriptRuntime } from '@agent-registry/schemas';

/**
 * Says why a script fails whatever is delivered; null where that cannot be told. `javascript` is parsed, and
 * never run, wrapped as it is when it runs. The syntax of the other languages is not checked here.
 */
export function wrongScriptText(runtime: ScriptRuntime, base64: string): string | null {
  const bytes = Buffer.from(base64, 'base64');
  switch (runtime) {
    case 'bash:5':
      if (bytes.subarray(0, 3).equals(BYTE_ORDER_MARK))
        return 'begins with a byte order mark, which bash takes for a command';
      return bytes.includes(CR)
        ? 'has carriage returns, which bash takes for text: end lines with \\n'
        : null;
    case 'python:3':
      return bytes.includes(NUL) ? 'has a NUL, which no Python source may have' : null;
    case 'javascript':
      return wrongJavascript(`(async()=>{${bytes.toString('utf8')}\n})()`);
    case 'node:24':
      return null;
  }
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const CR = 0x0d;
const NUL = 0;

/** Compiles and does not run. What is too deep for this engine's stack is left to the one that runs it. */
function wrongJavascript(source: string): string | null {
  try {
    new Script(source, { filename: 'script.js' });
    return null;
  } catch (error) {
    // Not by its class: the error may come of another realm.
    const { name, message } = error as Error;
    return name === 'SyntaxError' ? `does not parse: ${message.slice(0, 200)}` : null;
  }
}
