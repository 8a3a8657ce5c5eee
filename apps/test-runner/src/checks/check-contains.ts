import type { ContainsTest } from '@agent-registry/criteria';
import { RE2JS } from 're2js';
import type { CheckResult } from '../worker/protocol.ts';

/** The pattern is found in the deliverable's JSON text, or in one of its strings as they read unescaped. */
export function checkContains(test: ContainsTest, deliverable: unknown): CheckResult {
  const found = test.isRegex ? regexFinder(test.pattern) : (text: string) => text.includes(test.pattern);
  const passed = found(JSON.stringify(deliverable)) || someString(deliverable, found);
  return passed
    ? { outcome: 'passed', message: 'The pattern was found.' }
    : { outcome: 'failed', message: 'The pattern was not found.' };
}

function regexFinder(pattern: string): (text: string) => boolean {
  const compiled = RE2JS.compile(pattern);
  return (text) => compiled.matcher(text).find();
}

function someString(value: unknown, found: (text: string) => boolean): boolean {
  const stack = [value];
  while (stack.length > 0) {
    const item = stack.pop();
    if (typeof item === 'string') {
      if (found(item)) return true;
    } else if (typeof item === 'object' && item !== null) {
      for (const child of Object.values(item)) stack.push(child);
    }
  }
  return false;
}
