import { type ErrorCode, REMEDIES } from '@agent-registry/schemas';
import {
  type CallToolResult,
  fromJsonSchema,
  type JsonSchemaType,
  McpServer,
  type StandardSchemaWithJSON,
} from '@modelcontextprotocol/server';
import { TOOLS, type ToolName } from './tools.generated.ts';

type Arguments = Readonly<Record<string, unknown>>;
/** What each offered tool does; a tool that is not in it does not exist. It resolves to what the tool's output schema says. */
export type Toolset = Readonly<
  Partial<Record<ToolName, (input: Arguments, signal: AbortSignal) => Promise<object>>>
>;

/** A refusal that the caller of a tool is told: the problem's detail and its remedy. */
export class ToolRefusal extends Error {
  override readonly name = 'ToolRefusal';

  /** `code` is a problem's, or a word of the server's own; `errors` the fields at fault. */
  constructor(
    code: string,
    detail: string,
    errors: readonly { readonly path: string; readonly message: string }[] = [],
  ) {
    const fields = errors.map(({ path, message }) => `${path || '(body)'}: ${message}`);
    const remedy = Object.hasOwn(REMEDIES, code) ? REMEDIES[code as ErrorCode] : '';
    super([`${detail} (${code})`, ...fields, remedy].filter((text) => text !== '').join('\n'));
  }
}

interface CompiledTool {
  readonly input: StandardSchemaWithJSON<Arguments>;
  readonly output: StandardSchemaWithJSON;
}
/** Schemas are compiled once, when they are first needed: a server is made for each request. */
const compiled = new Map<ToolName, CompiledTool>();

function compile(name: ToolName): CompiledTool {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const { inputSchema, outputSchema } = TOOLS[name] as unknown as Record<string, JsonSchemaType>;
  const made = {
    input: fromJsonSchema<Arguments>(inputSchema!),
    output: fromJsonSchema(outputSchema!),
  };
  compiled.set(name, made);
  return made;
}

export interface ToolServerOptions {
  readonly version: string;
  /** What a model is told of the whole. */
  readonly instructions: string;
  readonly tools: Toolset;
  /** What went wrong, as the caller is told it; the error itself for what is nobody's refusal. */
  readonly refusalOf: (error: unknown) => ToolRefusal;
}

/** A server of these tools. What they refuse is an answer with `isError`, for the model to read. */
export function toolServer({ version, instructions, tools, refusalOf }: ToolServerOptions): McpServer {
  const server = new McpServer({ name: 'agent-registry', version }, { instructions });
  for (const [name, call] of Object.entries(tools) as [ToolName, NonNullable<Toolset[ToolName]>][]) {
    const { title, description, annotations } = TOOLS[name];
    const { input: inputSchema, output: outputSchema } = compile(name);
    const config = { title, description, annotations, inputSchema, outputSchema };
    server.registerTool(name, config, async (input, { mcpReq }): Promise<CallToolResult> => {
      try {
        const value = await call(input, mcpReq.signal);
        const structuredContent = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
        return { structuredContent, content: [{ type: 'text', text: JSON.stringify(value) }] };
      } catch (error) {
        return { isError: true, content: [{ type: 'text', text: refusalOf(error).message }] };
      }
    });
  }
  return server;
}
