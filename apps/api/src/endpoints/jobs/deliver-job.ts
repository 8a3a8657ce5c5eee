import { deliverJob as deliver } from '@agent-registry/operations';
import { contracts, fieldRefusal, RESULT_BYTES_MAX } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';
import { presentNegotiated } from '../../present/job.ts';

export const deliverJob = changing({
  contract: contracts.deliverJob,
  async run(op, { params, textOf, caller }) {
    const result = textOf('result') ?? 'null';
    if (Buffer.byteLength(result) > RESULT_BYTES_MAX) {
      throw fieldRefusal('result', `may take ${RESULT_BYTES_MAX} bytes of JSON at most`);
    }
    const job = await deliver(op, { jobId: params.job_id, actorId: caller.agentId, result });
    return presentNegotiated(job, caller.agentId);
  },
});
