import { deliverJob as deliver } from '@agent-registry/operations';
import { contracts, fieldRefusal, RESULT_BYTES_MAX } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';
import { memberText } from '../../member-text.ts';
import { presentJob } from '../../present/job.ts';

export const deliverJob = changing({
  contract: contracts.deliverJob,
  async run(op, { params, bodyText, caller }) {
    const result = memberText(bodyText, 'result') ?? 'null';
    if (Buffer.byteLength(result) > RESULT_BYTES_MAX) {
      throw fieldRefusal('result', `may take ${RESULT_BYTES_MAX} bytes of JSON at most`);
    }
    const job = await deliver(op, { jobId: params.job_id, actorId: caller.agentId, result });
    return presentJob(op.trx, job, caller.agentId);
  },
});
