import { type ContainsTest, compileRegex, type Work } from '@agent-registry/criteria';
import type { CheckResult } from '../worker/protocol.ts';

type Finder = (text: string) => boolean;

/** The pattern is found in the text delivered; in a string or in the JSON text of what is no text. */
export function checkContains(test: ContainsTest, deliverable: unknown, work: Work): CheckResult {
  const found = test.isRegex ? regexFinder(test.pattern, work) : textFinder(test.pattern, work);
  const passed =
    typeof deliverable === 'string'
      ? found(deliverable)
      : someString(deliverable, found) || found(JSON.stringify(deliverable));
  return passed
    ? { outcome: 'passed', message: 'The pattern was found.' }
    : { outcome: 'failed', message: 'The pattern was not found.' };
}

function textFinder(pattern: string, work: Work): Finder {
  return (text) => {
    work.spend(1 + (text.length >> 5));
    return text.includes(pattern);
  };
}

function regexFinder(pattern: string, work: Work): Finder {
  const regex = compileRegex(pattern);
  return (text) => regex.find(text, work);
}

function someString(value: unknown, found: Finder): boolean {
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
