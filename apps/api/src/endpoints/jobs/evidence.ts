import { addEvidence as add } from '@agent-registry/operations';
import { contracts, EVIDENCE_BYTES_MAX, fieldRefusal } from '@agent-registry/schemas';
import { changing, reading } from '../../endpoint.ts';
import { evidencePage, presentEvidence, showEvidence } from '../../present/evidence.ts';
import { partyOf } from './party-of.ts';

export const addEvidence = changing({
  contract: contracts.addEvidence,
  async run(op, { params, body: { name, text, content, media_type }, caller }) {
    const isText = text !== undefined;
    const added = await add(op, {
      jobId: params.job_id,
      actorId: caller.agentId,
      name,
      mediaType: media_type ?? (isText ? 'text/plain; charset=utf-8' : 'application/octet-stream'),
      content: readContent(isText ? 'text' : 'content', text ?? content ?? ''),
    });
    return presentEvidence(added);
  },
});

function readContent(member: 'text' | 'content', value: string): Buffer {
  const bytes = Buffer.from(value, member === 'text' ? 'utf8' : 'base64');
  if (bytes.length > EVIDENCE_BYTES_MAX)
    throw fieldRefusal(member, `may take ${EVIDENCE_BYTES_MAX} bytes at most`);
  return bytes;
}

export const listEvidence = reading({
  contract: contracts.listEvidence,
  async read(context, { params, query, caller }) {
    await partyOf(context, params.job_id, caller.agentId);
    return evidencePage(context.db, params.job_id, query);
  },
});

export const getEvidence = reading({
  contract: contracts.getEvidence,
  async read(context, { params, caller }) {
    await partyOf(context, params.job_id, caller.agentId);
    return showEvidence(context.db, params);
  },
});
