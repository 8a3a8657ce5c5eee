import * as agents from './agents.ts';
import type { Contract } from './contract.ts';
import * as criteria from './criteria.ts';
import * as found from './found.ts';
import * as jobs from './jobs.ts';
import * as listings from './listings.ts';
import * as log from './log.ts';
import * as operator from './operator.ts';
import * as operatorViews from './operator-views.ts';
import * as platform from './platform.ts';
import * as recalls from './recalls.ts';
import * as settlement from './settlement.ts';
import * as webhooks from './webhooks.ts';

/** Each contract with the name it is exported by as its id. */
function named<const All extends Readonly<Record<string, Omit<Contract, 'id'>>>>(all: All) {
  const entries = Object.entries(all).map(([id, contract]) => [id, { ...contract, id }]);
  return Object.fromEntries(entries) as { readonly [Id in keyof All]: All[Id] & { readonly id: Id } };
}

/** Every endpoint of the registry by its id. */
export const contracts = named({
  ...agents,
  ...listings,
  ...jobs,
  ...settlement,
  ...criteria,
  ...webhooks,
  ...platform,
  ...log,
  ...found,
  ...operator,
  ...operatorViews,
  ...recalls,
}) satisfies Record<string, Contract>;
