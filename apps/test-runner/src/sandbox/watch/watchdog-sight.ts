import { readFileSync } from 'node:fs';

/** CAP_SYS_PTRACE, by its number in CapEff. */
const sysPtrace = 1n << 19n;

/**
 * Why this process cannot watch its sandboxes, or null when it can. Root starts them as other users, into whose
 * processes it sees only with a capability that containers take from it; an ordinary user sees into its own.
 */
export function whyBlind(
  uid: number,
  status: string = readFileSync('/proc/self/status', 'latin1'),
): string | null {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  if (uid === 0 && (effective & sysPtrace) === 0n) {
    return 'root without CAP_SYS_PTRACE cannot watch its sandboxes: run the test-runner as an ordinary user';
  }
  return null;
}
