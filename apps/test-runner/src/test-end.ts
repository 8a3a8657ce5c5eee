import type { TestResult } from '@agent-registry/schemas';
import type { Usage } from './backend.ts';

/** How a test ended, whatever its type. */
export type TestEnd = Omit<TestResult, 'test_id' | 'type' | 'passed'> & { readonly usage: Usage };

/** What a test without a process of its own has to tell of one. */
export const nothing = { exit_code: null, stdout: '', stderr: '' } as const;
