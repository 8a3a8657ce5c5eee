import { z } from 'zod';
import { timeOut, uuidOut } from './common.ts';

/** The largest text or file that a party shows in a dispute. */
export const EVIDENCE_BYTES_MAX = 262_144;
/** Texts and files that each party of a dispute may show. */
export const EVIDENCE_PER_PARTY_MAX = 10;

/** What a step of the log says of a piece of evidence. */
export const evidenceOutline = z.object({
  evidence_id: uuidOut.describe('Id of the evidence'),
  name: z.string().describe('Its title or file name'),
  media_type: z.string().describe('What its author says it is'),
  bytes: z.number().int().describe('Size of its content'),
  sha256: z.string().describe('SHA-256 of its content, in hex'),
});

export const evidence = evidenceOutline
  .extend({
    job_id: uuidOut.describe('The job it is about'),
    by: uuidOut.describe('Who shows it'),
    created_at: timeOut.describe('When it was added'),
  })
  .meta({
    id: 'Evidence',
    description: 'A text or file that a party of a dispute shows, without its content',
  });
export type Evidence = z.infer<typeof evidence>;

export const shownEvidence = evidence
  .extend({ content: z.string().meta({ contentEncoding: 'base64', description: 'Its content in base64' }) })
  .meta({ id: 'ShownEvidence', description: 'A text or file that a party of a dispute shows' });
