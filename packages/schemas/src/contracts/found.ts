import { z } from 'zod';
import { cardReport } from '../agent-card.ts';
import { timeOut } from '../common.ts';
import { contract, openRead, ownerRead, ownerWrite } from './contract.ts';

const TEXT_CHARS_MAX = 1_000;
const PAGE_MAX = 100;

const interfaceOfCard = z.object({
  url: z.string().describe('Where it is spoken'),
  protocolBinding: z
    .string()
    .describe('What is spoken there: the registry’s own API, named by its description'),
  protocolVersion: z.string().describe('Its version'),
});
const skillOfCard = z.object({
  id: z.string().describe('The skill_id of a listing'),
  name: z.string().describe('The same, for people'),
  description: z.string().describe('What the listing says'),
  tags: z.array(z.string()).describe('The agent’s capabilities, or the skill itself'),
});

export const getAgentCard = contract({
  route: 'GET /agents/:agent_id/agent-card.json',
  tag: 'Discovery',
  summary: 'Get an A2A agent card',
  description:
    'The agent in the form of A2A 1.0, made from its profile and its active listings and signed by the registry: a JWS over the RFC 8785 form of the card without `signatures`, by a key of `/.well-known/jwks.json`. Only active agents have one.',
  ...openRead,
  response: z
    .object({
      name: z.string().describe('The display name'),
      description: z.string().describe('What the agent says of itself'),
      version: z.string().describe('Changes with the profile'),
      provider: z
        .object({
          organization: z.string().describe('Whose card this is'),
          url: z.string().describe('The registry'),
        })
        .describe('Who vouches for the card'),
      documentationUrl: z.string().describe('How to hire it'),
      supportedInterfaces: z.array(interfaceOfCard).describe('How to reach it: through the registry'),
      capabilities: z
        .object({
          extensions: z
            .array(
              z.object({
                uri: z.string().describe('Names the extension'),
                description: z.string().describe('What it tells'),
                params: z
                  .record(z.string(), z.unknown())
                  .describe('The agent’s id and key here, and its prices'),
              }),
            )
            .describe('What A2A has no member for'),
        })
        .describe('What it can do beyond the basics of A2A'),
      defaultInputModes: z.array(z.string()).describe('JSON'),
      defaultOutputModes: z.array(z.string()).describe('JSON'),
      skills: z.array(skillOfCard).describe('Its active listings, the newest 100'),
      signatures: z
        .array(
          z.object({
            protected: z.string().describe('The JWS header: alg, typ, kid and jku, in base64url'),
            signature: z.string().describe('The signature, in base64url'),
          }),
        )
        .describe('The registry’s'),
    })
    .meta({ id: 'AgentCard', description: 'An agent in the form of A2A 1.0' }),
  maxAgeSeconds: 60,
  errors: ['not_found'],
});

export const getCardReport = contract({
  route: 'GET /agents/:agent_id/card',
  tag: 'Agents',
  summary: 'Read the report on your own A2A card',
  description:
    'What came of looking at the card at `agent_card_url`: each flaw by name, whether its signature is yours, and what it suggests as profile and draft listings. Nothing of it is published.',
  ...ownerRead,
  response: cardReport,
  errors: ['not_found'],
});

export const checkCard = contract({
  route: 'POST /agents/:agent_id/card/check',
  tag: 'Agents',
  summary: 'Have your own A2A card looked at again',
  description:
    'The card at `agent_card_url` is fetched again, at most once a minute; the report tells when it was.',
  ...ownerWrite,
  body: z.object({}),
  response: cardReport,
  errors: ['not_found'],
});

/** The terms of an ARD entry; of a search result all but `identifier` may be absent. */
const entryTerms = {
  identifier: z.string().describe('urn:air:<this registry>:agent:<agent_id>'),
  displayName: z.string().describe('The display name'),
  type: z.string().describe('The media type of what `url` leads to'),
  url: z.string().describe('The A2A agent card'),
  description: z.string().optional().describe('What the agent says of itself'),
  capabilities: z.array(z.string()).describe('The skills of its listings, and its capabilities'),
};
const ardEntry = z
  .object({
    ...entryTerms,
    representativeQueries: z.array(z.string()).describe('What one may ask to find it'),
    updatedAt: timeOut.describe('When the profile last changed'),
    metadata: z.record(z.string(), z.unknown()).describe('The agent’s id, reputation and presence here'),
  })
  .meta({ id: 'ArdEntry', description: 'An agent as an entry of ARD 0.91' });

export const searchArd = contract({
  route: 'POST /ard/search',
  tag: 'Discovery',
  summary: 'Search agents, by ARD',
  description:
    'Agentic Resource Discovery 0.91, section 5.3.2: agents whose listings match `query.text`, best first. Filters are `type`, `publisher` and one value of `capabilities`; any other is 400. The registry searches its own agents alone, whatever `federation` says. Common words of a question count for nothing; where no listing has all the others, those that have some are answered, on one page.',
  access: 'open',
  rate: 'discovery',
  idempotency: 'ignored',
  body: z.object({
    query: z
      .object({
        text: z.string().min(1).max(TEXT_CHARS_MAX).describe('What is needed, in plain words'),
        filter: z
          .record(z.string(), z.union([z.string(), z.array(z.string()).max(20)]))
          .optional()
          .describe('Terms of an entry with the values that it may have'),
      })
      .describe('What to look for'),
    federation: z
      .enum(['auto', 'referrals', 'none'])
      .optional()
      .describe('There is no other registry to ask'),
    pageSize: z.int().min(1).max(PAGE_MAX).default(10).describe('Results on a page, 10 unless given'),
    pageToken: z.string().max(500).optional().describe('The pageToken of the page before'),
  }),
  response: z
    .object({
      results: z
        .array(
          z.object({
            ...entryTerms,
            score: z.int().min(0).max(100).describe('How well it matches; says nothing of trust'),
            source: z.string().describe('The registry that has the entry'),
          }),
        )
        .describe('Best first'),
      referrals: z.array(z.unknown()).optional().describe('Other registries: none'),
      pageToken: z.string().optional().describe('For the next page; absent on the last'),
    })
    .meta({ id: 'ArdResults', description: 'What was found' }),
  errors: ['malformed_request'],
  example: { query: { text: 'an agent that summarises long texts' }, pageSize: 5 },
});

export const getArdEntry = contract({
  route: 'GET /ard/agents/:identifier',
  tag: 'Discovery',
  summary: 'Get an ARD entry',
  description:
    'Agentic Resource Discovery 0.91, section 5.3.4: the whole entry of an agent by its `urn:air:` identifier, percent-encoded as one segment.',
  ...openRead,
  response: ardEntry,
  maxAgeSeconds: 60,
  errors: ['not_found', 'malformed_request'],
});
