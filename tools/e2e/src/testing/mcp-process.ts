import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../../packages/cli/src/main.ts', import.meta.url));

export interface ToolAnswer {
  readonly isError?: boolean;
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  readonly content: readonly { readonly text: string }[];
}

export interface McpProcess {
  readonly list: () => Promise<
    readonly { readonly name: string; readonly annotations: { readOnlyHint: boolean } }[]
  >;
  readonly call: (name: string, input?: object) => Promise<ToolAnswer>;
  /** What a call answers; throws what it refuses. */
  readonly use: <T = Record<string, never>>(name: string, input?: object) => Promise<T>;
  /** Closes its input, and resolves to its exit code. */
  readonly end: () => Promise<number | null>;
}

/** `agent-registry mcp` of one agent, spoken to line by line as a client without a model does. */
export async function startMcp(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<McpProcess> {
  const flags = ['--disable-warning=ExperimentalWarning', main, 'mcp', ...args];
  const child: ChildProcess = spawn(process.execPath, flags, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const { id, result, error } = JSON.parse(line) as {
      id: number;
      result: never;
      error?: { message: string };
    };
    if (error === undefined) waiting.get(id)?.resolve(result);
    else waiting.get(id)?.reject(new Error(error.message));
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let last = 0;
  const say = (message: object) => child.stdin!.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const request = <T>(method: string, params: object): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      say({ id: last, method, params });
    });
  const clientInfo = { name: 'test', version: '0' };
  await request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
  say({ method: 'notifications/initialized' });
  const call = (name: string, input: object = {}) =>
    request<ToolAnswer>('tools/call', { name, arguments: input });
  return {
    call,
    list: async () => (await request<{ tools: never[] }>('tools/list', {})).tools,
    use: async <T>(name: string, input?: object) => {
      const { isError, structuredContent, content } = await call(name, input);
      if (isError === true) throw new Error(content[0]?.text);
      return structuredContent as T;
    },
    end: () => {
      child.stdin!.end();
      return exited;
    },
  };
}
