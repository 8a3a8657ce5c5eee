import type { ScriptRuntime } from '@agent-registry/schemas';
import type { CompileJavascript } from './javascript-compiler.ts';

/**
 * Says why a script fails whatever is delivered; null where that cannot be told. `javascript` is compiled where
 * there is a compiler. The syntax of the other languages is not checked here.
 */
export function wrongScriptText(
  runtime: ScriptRuntime,
  base64: string,
  compileJavascript: CompileJavascript | null,
): string | null {
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
      return compileJavascript?.(bytes.toString('utf8')) ?? null;
    case 'node:24':
      return null;
  }
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const CR = 0x0d;
const NUL = 0;
