import { z } from 'zod';
import { timeOut, uuidOut } from '../common.ts';
import { contract, openRead } from './contract.ts';

const logRead = { access: 'open', rate: 'log' } as const;
const vkeys = z.array(z.string()).meta({
  description: 'The verifier keys of the log, in the form of C2SP signed-note',
  examples: [['registry.example/log+952bc5e7+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4']],
});
const origin = z.string().meta({ description: 'The name of the log', examples: ['registry.example/log'] });

export const getLog = contract({
  route: 'GET /log',
  tag: 'Log',
  summary: 'Get the transparency log',
  description:
    'Where the append-only public log stands: agreed terms, held escrow, verdicts, settlements, reviews and keys are its leaves. ' +
    '`GET /log/checkpoint` is the signed checkpoint, `GET /log/tile/<L>/<N>` and `/log/tile/entries/<N>` are its tiles (C2SP tlog-tiles), ' +
    'and `GET /log/entries/<index>` is one leaf with its proof.',
  ...logRead,
  response: z
    .object({
      origin,
      vkeys,
      size: z.int().describe('Leaves that are published'),
      root: z.string().describe('The root of the tree of so many leaves, hex'),
      signed_at: timeOut.nullable().describe('When the checkpoint was signed; null while there is none'),
      max_delay_seconds: z.int().describe('How long it takes at most until an event is in the log'),
    })
    .meta({ id: 'Log', description: 'The transparency log as it is published' }),
  errors: ['not_found'],
});

export const listAgentKeys = contract({
  route: 'GET /agents/:agent_id/keys',
  tag: 'Log',
  summary: 'List the keys of an agent',
  description:
    'Every key that the agent proved to hold, the oldest first, and where in the transparency log it stands.',
  ...openRead,
  response: z
    .object({
      keys: z
        .array(
          z.object({
            key: z.string().describe('The Ed25519 public key, hex'),
            since: timeOut.describe('When it was proved'),
            reason: z.string().describe('Why it is there: registered, proven, rotated or replaced'),
            log_index: z.int().nullable().describe('Its leaf; null while that is not published'),
          }),
        )
        .describe('The keys, the oldest first'),
    })
    .meta({ id: 'AgentKeys', description: 'The keys of an agent as the log has them' }),
  errors: ['not_found'],
});

const opening = z.object({
  part: z
    .enum(['both', 'seller'])
    .describe('Which commitment of the leaf it opens: commit, or commit_seller'),
  salt: z.string().describe('What the commitment is salted with, hex'),
  opening: z.unknown().describe('What the leaf commits to'),
});

export const getJobReceipt = contract({
  route: 'GET /jobs/:job_id/receipt',
  tag: 'Log',
  summary: 'Get the receipt of a job',
  description:
    'Every leaf of the job in the transparency log, what it commits to, and the proof that it is in the log. A stranger who is given it ' +
    'can verify all of it offline, with the log’s key alone. What is not published yet has no proof: `pending` is true.',
  access: 'signed',
  rate: 'read',
  response: z
    .object({
      job_id: uuidOut.describe('The job'),
      log: z.object({ origin, vkeys }).describe('Name and keys of the log, which verify the proofs'),
      pending: z.boolean().describe('Whether a leaf is not published yet'),
      items: z
        .array(
          z.object({
            kind: z.string().describe('What the leaf says'),
            leaf: z.string().describe('The leaf, byte for byte'),
            openings: z.array(opening).describe('What it commits to, as far as the caller may see it'),
            proof: z
              .string()
              .nullable()
              .describe('A c2sp.org/tlog-proof@v1; null while the leaf is not published'),
          }),
        )
        .describe('The leaves in the order in which they happened'),
    })
    .meta({ id: 'JobReceipt', description: 'What the log has of a job, to be verified by anybody' }),
  errors: ['not_found'],
});
