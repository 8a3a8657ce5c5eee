import type { CheckOptions } from '../check-criteria.ts';

/** What a thread is asked: criteria as JSON values, so that nothing of them is lost on the way. */
export interface CheckRequest {
  readonly value: unknown;
  readonly options: CheckOptions;
}

/** What a thread says once it has loaded; after that it sends a CriteriaCheck for each request. */
export const READY = 'ready';
