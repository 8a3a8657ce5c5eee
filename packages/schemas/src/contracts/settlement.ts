import { z } from 'zod';
import { hexHash, pageOf, pageQuery } from '../common.ts';
import { EVIDENCE_PER_PARTY_MAX, evidence, shownEvidence } from '../evidence.ts';
import { job } from '../job.ts';
import { shareIn } from '../money.ts';
import { nameIn } from '../names.ts';
import { contract, party } from './contract.ts';

const action = { ...party, rate: 'job', response: job } as const;

export const offerSettlement = contract({
  route: 'POST /jobs/:job_id/settle',
  summary: 'Offer to settle a job',
  description:
    'Offers the other party how to divide what a funded job holds; the shares add up to the agreed price and the bond exactly. A later offer, by either party, replaces it; a delivery, a verdict or a failure ends it. Each party may make 20.',
  ...action,
  body: z.object({
    client_share: shareIn.describe('What the client gets'),
    seller_share: shareIn.describe(
      'What the seller gets: the fee is taken of what is above its bond. Where it is not 0.00 the client is shown the result',
    ),
    note: z.string().max(2048).nullish().describe('For the other party'),
  }),
  errors: ['not_found', 'invalid_state', 'rounds_exhausted', 'storage_budget'],
  example: { client_share: '8.00', seller_share: '12.00', note: 'Half of it is of use to us.' },
});

export const acceptSettlement = contract({
  route: 'POST /jobs/:job_id/settle/accept',
  summary: 'Accept a settlement',
  description:
    'Pays out the other party’s newest offer, named by its hash: the job is `resolved` by agreement, and nobody is to blame. It is final.',
  ...action,
  body: z.object({
    offer_hash: hexHash.describe(
      'The offer’s `hash` in the negotiation log, also in job.settlement_offered: 409 where another offer is the newest by now',
    ),
  }),
  errors: ['not_found', 'invalid_state', 'own_offer'],
  example: { offer_hash: 'b7e9c1d4a2f3065871e5d9c4b8a7f6e5d4c3b2a190817263544536271809fafb' },
});

export const addEvidence = contract({
  route: 'POST /jobs/:job_id/evidence',
  summary: 'Show evidence in a dispute',
  description: `Adds a text or a file of at most 256 KiB to a dispute, ${EVIDENCE_PER_PARTY_MAX} a party. Operators and the other party see it; its hash stands in the negotiation log. Nobody can change or remove it.`,
  ...party,
  rate: 'job',
  body: z
    .object({
      name: nameIn(128).describe('A title or a file name'),
      text: z.string().min(1).optional().describe('A text, kept as UTF-8; this or content'),
      content: z
        .string()
        .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'must be base64')
        .min(1)
        .optional()
        .meta({ contentEncoding: 'base64', description: 'A file in base64; this or text' }),
      media_type: z
        .string()
        .max(128)
        .regex(
          /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:; ?[\w-]+=[\w.+-]+)?$/,
          'must be a media type, such as image/png',
        )
        .optional()
        .describe('What it is: text/plain for a text and application/octet-stream for a file when absent'),
    })
    .refine(({ text, content }) => (text === undefined) !== (content === undefined), {
      message: 'send either text or content',
      path: ['content'],
    }),
  response: evidence,
  errors: ['not_found', 'invalid_state', 'storage_budget'],
  example: { name: 'What was agreed by mail', text: 'On Monday you wrote that PDF would do.' },
});

export const listEvidence = contract({
  route: 'GET /jobs/:job_id/evidence',
  summary: 'List the evidence of a dispute',
  description: 'What both parties have shown, oldest first, without the contents.',
  ...party,
  rate: 'read',
  query: z.object({ ...pageQuery }),
  response: pageOf(evidence),
  errors: ['not_found'],
});

export const getEvidence = contract({
  route: 'GET /jobs/:job_id/evidence/:evidence_id',
  summary: 'Get a piece of evidence',
  description: 'A text or file that a party has shown, with its content.',
  ...party,
  rate: 'read',
  response: shownEvidence,
  errors: ['not_found'],
});
