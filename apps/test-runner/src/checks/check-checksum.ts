import type { ChecksumTest } from '@agent-registry/criteria';
import { canonicalJson, sha256Hex } from '@agent-registry/signing';
import type { CheckResult } from '../worker/protocol.ts';

/** The sha256 of the deliverable's RFC 8785 form is the expected one. */
export function checkChecksum(test: ChecksumTest, deliverable: unknown): CheckResult {
  const found = sha256Hex(canonicalJson(deliverable));
  const outcome = found === test.expectedHash ? 'passed' : 'failed';
  return { outcome, message: `The sha256 of the deliverable is ${found}.` };
}
