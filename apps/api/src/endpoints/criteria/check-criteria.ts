import { type CriteriaCheckRow, findCheck } from '@agent-registry/db';
import { checkKey, createCheck } from '@agent-registry/operations';
import {
  type CriteriaCheck,
  contracts,
  fieldRefusal,
  RESULT_BYTES_MAX,
  RegistryError,
} from '@agent-registry/schemas';
import { annotate } from '@agent-registry/service-kit';
import type { ApiContext } from '../../context.ts';
import { Answer, handling, type MutationEndpoint, performMutation } from '../../endpoint.ts';
import { readWait } from '../../prefer.ts';
import { presentCheck } from '../../present/criteria-check.ts';
import { awaitOutcome, type LongPoll } from '../../until-found.ts';
import { readCriteria } from '../jobs/read-criteria.ts';
import { checkOf } from './check-of.ts';

const contract = contracts.checkCriteria;

/** Puts a check into the queue. Its answer is the check as it stands then, which is what a repeat under one Idempotency-Key finds. */
const askForCheck: MutationEndpoint<typeof contract, Awaited<ReturnType<typeof readCriteria>>> = {
  contract,
  prepare: readCriteria,
  async run(op, { body, caller }, _context, prepared) {
    for (const [index, { result }] of body.samples.entries()) {
      if (Buffer.byteLength(JSON.stringify(result)) > RESULT_BYTES_MAX)
        throw fieldRefusal(`samples.${index}.result`, `may take ${RESULT_BYTES_MAX} bytes of JSON at most`);
    }
    const { criteria, hiddenCases } = prepared();
    if (criteria === null) throw fieldRefusal('acceptance_criteria', 'is required');
    const checkId = await createCheck(op, {
      agentId: caller.agentId,
      criteria,
      hiddenCases,
      samples: JSON.stringify(body.samples),
      repeats: body.repeats,
    });
    annotate({ check_id: checkId });
    return presentCheck(op.trx, await checkOf(op.trx, checkId, caller.agentId));
  },
};

/** Has criteria tried, and waits for what is found as long as the request asks for. */
export const checkCriteria = handling({
  contract,
  async handle(context, request) {
    const sent = await performMutation(context, askForCheck, request);
    const { check_id: checkId } = JSON.parse(sent.json ?? '{}') as CriteriaCheck;
    const wait = readWait(request.header('prefer'));
    const applied = wait.isAsked ? { 'Preference-Applied': `wait=${wait.seconds}` } : {};
    const waiting = {
      agentId: request.caller.agentId,
      waitMs: wait.seconds * 1_000,
      gone: request.gone,
    };
    const check = await awaitCheck(context, checkId, waiting);
    const headers = { ...sent.headers, ...applied, Location: `/v1/criteria/checks/${checkId}` };
    if (check !== null) return new Answer(await presentCheck(context.db, check), { headers });
    const now = await checkOf(context.db, checkId, request.caller.agentId);
    return new Answer(await presentCheck(context.db, now), { status: 202, headers });
  },
});

async function awaitCheck(
  context: ApiContext,
  checkId: string,
  waiting: LongPoll,
): Promise<CriteriaCheckRow | null> {
  const finished = async (): Promise<CriteriaCheckRow | null> => {
    const check = await findCheck(context.db, checkId);
    return check !== undefined && check.finished_at !== null ? check : null;
  };
  try {
    return await awaitOutcome(context, waiting, checkKey(checkId), finished);
  } catch (error) {
    // No slot to wait in: the check is on its way all the same, and is looked up later.
    if (error instanceof RegistryError && error.code === 'unavailable') return null;
    throw error;
  }
}
