import type { ScriptRuntime } from '@agent-registry/schemas';
import { criteriaBounds } from './bounds.ts';
import { checkRunParams } from './check-run-params.ts';
import type { CompileJavascript } from './javascript-compiler.ts';
import { own, type Problems, report } from './problems.ts';

/** Checks the params of a script test, or the short form of criteria, which are the same. */
export function checkScript(
  problems: Problems,
  at: (member: string) => string,
  params: Record<string, unknown>,
) {
  const script = checkBase64(problems, at('script'), own(params, 'script'));
  const run = checkRunParams(problems, at, params);
  if (script === null || run === null) return null;
  const wrong = problems.isProposal ? wrongScriptText(run.runtime, script, problems.compileJavascript) : null;
  return wrong === null ? { script, ...run } : report(problems, at('script'), wrong);
}

/** Base64 of at most 1 MiB. */
function checkBase64(problems: Problems, path: string, value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return report(problems, path, 'must be a script in base64');
  const { scriptBytes } = criteriaBounds;
  const longest = Math.ceil(scriptBytes / 3) * 4;
  if (value.length > longest) return report(problems, path, `is over ${scriptBytes} bytes when decoded`);
  if (value.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(value)) {
    return report(problems, path, 'is not base64');
  }
  const padding = value.endsWith('==') ? 2 : Number(value.endsWith('='));
  const decoded = (value.length / 4) * 3 - padding;
  return decoded > scriptBytes ? report(problems, path, `is over ${scriptBytes} bytes when decoded`) : value;
}

/**
 * Says why a script fails whatever is delivered; null where that cannot be told. `javascript` is compiled where
 * there is a compiler. The syntax of the other languages is not checked here.
 */
function wrongScriptText(
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
