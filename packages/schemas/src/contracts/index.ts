import * as agents from './agents.ts';
import type { Contract } from './contract.ts';
import * as criteria from './criteria.ts';
import * as jobs from './jobs.ts';
import * as listings from './listings.ts';
import * as operator from './operator.ts';
import * as platform from './platform.ts';
import * as webhooks from './webhooks.ts';

const { agentParams: _a, ...agentContracts } = agents;
const { jobParams: _j, RESULT_BYTES_MAX: _r, ...jobContracts } = jobs;

/** Every endpoint of the registry by its id. */
export const contracts = {
  ...agentContracts,
  ...listings,
  ...jobContracts,
  ...criteria,
  ...webhooks,
  ...platform,
  ...operator,
} as const satisfies Record<string, Contract>;
