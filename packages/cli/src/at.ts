import { setTimeout as delay } from 'node:timers/promises';
import {
  type AgentClient,
  type Connection,
  createAgentClient,
  createOperatorClient,
  type OperatorClient,
  readAgent,
  readPrivateKey,
  type StoredAgent,
} from '@agent-registry/client';
import { type Io, mayColour } from './io.ts';
import { DEFAULT_REGISTRY, profileFile, profileName, variable } from './profiles.ts';
import { type Doc, line, toned } from './terminal/document.ts';
import { renderDocument } from './terminal/render-document.ts';
import { Declined, UsageError } from './usage-error.ts';

/** `agent` needs a key, `open` uses one where there is one, `none` speaks to nobody or to the operators' endpoints. */
export type Access = 'agent' | 'open' | 'none';

export interface GlobalOptions {
  readonly profile?: string;
  readonly registry?: string;
  readonly json?: boolean;
}

/** What a command works with. */
export interface At {
  readonly io: Io;
  readonly json: boolean;
  readonly connection: Connection;
  /** The profile's file. */
  readonly file: string;
  /** What the profile's file holds; null without one, or where the environment names the agent. */
  readonly stored: StoredAgent | null;
  readonly client: AgentClient;
  /** Of `access: 'agent'`; elsewhere it may be empty. */
  readonly agentId: string;
  readonly webhookSecret: string | undefined;
  /** Throws UsageError without AGENT_REGISTRY_OPERATOR_KEY. */
  readonly operator: () => OperatorClient;
  /** Says on standard error what goes on. */
  readonly tell: (doc: Doc) => void;
  /** Tells what is about to happen; asks, too, where a person sits at the terminal and did not say `--yes`. */
  readonly confirm: (yes: boolean, doc: Doc) => Promise<void>;
}

/** Opens what a command of this access needs. Throws UsageError when there is no agent, or a file or URL that cannot be right. */
export async function openAt(io: Io, access: Access, options: GlobalOptions): Promise<At> {
  const { env } = io;
  const file = profileFile(env, profileName(env, options.profile));
  const named = options.profile === undefined ? agentOf(env) : null;
  const stored = named === null ? await asUsage(() => readAgent(file)) : null;
  const registry = options.registry ?? variable(env, 'AGENT_REGISTRY_URL') ?? stored?.registry;
  const tell = (doc: Doc) => io.stderr.write(renderDocument(doc, mayColour(io, io.stderr)));
  const connection = connect(io, (registry ?? DEFAULT_REGISTRY).replace(/\/+$/, ''), tell);
  const { agent_id: agentId, private_key: privateKey } = named ?? stored ?? {};
  if (access === 'agent' && agentId === undefined)
    throw new UsageError(
      `There is no agent in ${file}. Register one: agent-registry register "My agent"; or set AGENT_REGISTRY_AGENT_ID and AGENT_REGISTRY_PRIVATE_KEY.`,
    );
  return {
    io,
    json: options.json ?? false,
    connection,
    file,
    stored,
    client: await asUsage(() => createAgentClient({ ...connection, agentId, privateKey })),
    agentId: agentId ?? '',
    webhookSecret: variable(env, 'AGENT_REGISTRY_WEBHOOK_SECRET') ?? stored?.webhook_secret,
    operator: () => openOperator(env, connection),
    tell,
    confirm: (yes, doc) => confirm(io, tell, { yes, doc }),
  };
}

function agentOf(env: Io['env']): { agent_id: string; private_key: string } | null {
  const agentId = variable(env, 'AGENT_REGISTRY_AGENT_ID');
  const key = variable(env, 'AGENT_REGISTRY_PRIVATE_KEY');
  if (agentId === undefined && key === undefined) return null;
  if (agentId === undefined || key === undefined)
    throw new UsageError('AGENT_REGISTRY_AGENT_ID and AGENT_REGISTRY_PRIVATE_KEY belong together.');
  try {
    return { agent_id: agentId, private_key: readPrivateKey(key).privateKey };
  } catch (error) {
    throw new UsageError(`AGENT_REGISTRY_PRIVATE_KEY: ${(error as Error).message}`);
  }
}

/** The client's complaints about a file or a URL are about what the user gave. */
export async function asUsage<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TypeError || (error as NodeJS.ErrnoException).syscall !== undefined)
      throw new UsageError((error as Error).message);
    throw error;
  }
}

/** Ctrl-C ends every exchange and every pause. */
function connect({ signal }: Io, baseUrl: string, tell: At['tell']): Connection {
  return {
    baseUrl,
    fetch: (url, init) =>
      fetch(url, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, signal]) : signal }),
    sleep: async (ms) => {
      signal.throwIfAborted();
      tell([line(toned('quiet', `No answer yet; trying again in ${Math.ceil(ms / 100) / 10} s.`))]);
      await delay(ms, undefined, { signal });
    },
  };
}

function openOperator(env: Io['env'], connection: Connection): OperatorClient {
  const operatorKey = variable(env, 'AGENT_REGISTRY_OPERATOR_KEY');
  if (operatorKey === undefined)
    throw new UsageError('Set AGENT_REGISTRY_OPERATOR_KEY to the operator’s key.');
  return createOperatorClient({ ...connection, operatorKey });
}

async function confirm(io: Io, tell: At['tell'], { yes, doc }: { yes: boolean; doc: Doc }): Promise<void> {
  tell(doc);
  if (yes || !io.stdin.isTTY || !io.stderr.isTTY) return;
  if (!/^y(es)?$/i.test((await io.ask('Go on? [y/N] ')).trim())) throw new Declined();
}
