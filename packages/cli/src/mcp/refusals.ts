import { RegistryProblem, RegistryUnreachable } from '@agent-registry/client';
import { ToolRefusal, type Toolset } from '@agent-registry/mcp';

/** How long a tool may take: less than the minute after which clients of the protocol give up by themselves. */
const PATIENCE_MS = 50_000;
/** What is told of a text that the registry did not write, such as a proxy's page. */
const STRANGE_CHARS_MAX = 300;

/** The same tools, of which none makes its caller wait for ever. */
export function withinPatience(tools: Toolset, patienceMs: number = PATIENCE_MS): Toolset {
  return Object.fromEntries(
    Object.entries(tools).map(([name, call]) => [
      name,
      (input: Readonly<Record<string, unknown>>, signal: AbortSignal) =>
        call(input, AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])),
    ]),
  );
}

/** What the caller of a tool is told of a failure. */
export function refusalOf(error: unknown): ToolRefusal {
  if (error instanceof ToolRefusal) return error;
  if (error instanceof RegistryProblem) return new ToolRefusal(error.code, detailOf(error), error.errors);
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return new ToolRefusal(
      'unreachable',
      'The registry took too long. Whether anything was done is not known: look before you try again.',
    );
  const message = error instanceof Error ? error.message : String(error);
  return new ToolRefusal(error instanceof RegistryUnreachable ? 'unreachable' : 'unexpected', message);
}

function detailOf({ code, status, detail }: RegistryProblem): string {
  if (code !== 'unknown') return detail;
  const text = detail.trim().slice(0, STRANGE_CHARS_MAX);
  return `Something that is not the registry answered ${status}${text === '' ? '.' : `: ${text}`}`;
}
