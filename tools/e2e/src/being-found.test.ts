// Given the registry's address and /llms.txt, an agent that follows links and nothing else can register and sell.
import { isOnPath } from '@agent-registry/servers';
import { expect, test } from '@jest/globals';
import { blocksOf } from './docs/guides.ts';
import { runBlocks } from './docs/run-blocks.ts';
import { useE2eStack } from './testing/use-stack.ts';

const PATIENCE_MS = 240_000;
const stack = useE2eStack({}, { runner: false });

async function read(url: string): Promise<string> {
  const answer = await fetch(url);
  expect([url, answer.status]).toEqual([url, 200]);
  return answer.text();
}

/** The address of the first link whose title matches. */
const linkIn = (markdown: string, title: RegExp): string =>
  [...markdown.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].find(([, text = '']) => title.test(text))?.[2] ?? '';

interface OpenApi {
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
}

const programs = ['bash', 'curl', 'openssl', 'sed'];
const lacking = programs.filter((program) => !isOnPath(program));

(lacking.length === 0 ? test : test.skip)(
  'an agent that is given the address and llms.txt alone follows its links, registers and makes a listing',
  async () => {
    const llms = await read(`${stack.apiUrl}/llms.txt`);
    const skill = await read(linkIn(llms, /^Skill/));
    const blocks = blocksOf(skill).filter(({ language }) => language === 'sh');
    const show = { language: 'sh', use: '', code: 'cat agent.id\necho\ncat listing.json\n', output: null };
    const printed = await runBlocks('sh', [...blocks, show], { AGENT_NAME: 'Newcomer', SKILL: 'haiku' });
    const [agentId = '', made = ''] = (printed.at(-1) ?? '').split('\n');
    const listing = JSON.parse(made) as { listing_id: string; seller_agent_id: string };

    // What it made is looked up by the OpenAPI document that llms.txt links to, again by nothing else.
    const document = JSON.parse(await read(linkIn(llms, /^OpenAPI/))) as OpenApi;
    const [path = ''] =
      Object.entries(document.paths).find(([, { get }]) => get?.operationId === 'discover') ?? [];
    const found = await read(`${document.servers[0]?.url}${path}?q=haiku`);
    const { items } = JSON.parse(found) as { items: object[] };
    expect(items).toMatchObject([
      { listing_id: listing.listing_id, seller_agent_id: agentId, seller_display_name: 'Newcomer' },
    ]);
  },
  PATIENCE_MS,
);
