// `npm run demo`: a whole registry on free ports, and two agents who do four jobs.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatLogLine, type Stack, startStack } from '@agent-registry/stack';
import { play } from './play.ts';
import { createNarrator } from './tell.ts';

const help = `Two agents do four whole jobs through a registry of their own: npm run demo [-- options]

  --logs    also show what the services log
  --help

Nothing needs to run and nothing stays: free ports, and a temporary directory that is removed at the end. Exits 0 when every
webhook came and every cent is where it belongs, 1 and the step's name when not. NO_COLOR=1 for no colour.
`;
const inherited = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ'] as const;
const lastLogLines = 40;
const longestLine = 300;
const tell = createNarrator(process.stdout);
const stopping = new AbortController();
let exitCode = 0;

function stopAtSignals(): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(signal, () => {
      if (!stopping.signal.aborted) tell.note('\n  stopping …');
      exitCode = code;
      stopping.abort(new Error('stopped'));
    });
  }
}

const whenStopped = new Promise<never>((_, reject) => {
  stopping.signal.addEventListener('abort', () => reject(stopping.signal.reason as Error));
});
whenStopped.catch(() => undefined);

async function run(dataDir: string, withLogs: boolean): Promise<void> {
  const startedAt = performance.now();
  const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1);
  let stack: Stack | undefined;
  try {
    tell.chapter('The registry starts');
    stack = await startStack({
      dataDir,
      ports: 'free',
      // Whatever is tuned in this shell is not for the story, nor is somebody's Redis.
      env: Object.fromEntries(inherited.map((name) => [name, process.env[name]])),
      signal: stopping.signal,
      ...(withLogs ? { log: (entry) => tell.note(formatLogLine(entry)) } : {}),
    });
    const redis = stack.redisUrl === null ? 'no Redis here: limits in process' : 'Redis';
    tell.right(`Postgres, ${redis}, Cloud Tasks emulator, test-runner, dispatcher, API (${seconds()} s)`);
    tell.note(`the API is at ${stack.apiUrl}`);
    await Promise.race([play(stack, tell), whenStopped]);
    tell.chapter(`Everything is as it should be (${seconds()} s).`);
  } catch (error) {
    if (!stopping.signal.aborted) report(error, withLogs ? undefined : stack);
  } finally {
    await stack?.stop();
  }
}

function report(error: unknown, stack: Stack | undefined): void {
  exitCode = 1;
  for (const entry of stack?.logs().slice(-lastLogLines) ?? []) tell.note(formatLogLine(entry));
  const message = error instanceof Error ? error.message : String(error);
  tell.wrong(message.replace(/^.*$/gm, (line) => line.slice(0, longestLine)));
}

function readOptions(): { help?: boolean; logs?: boolean } {
  try {
    return parseArgs({ options: { help: { type: 'boolean', short: 'h' }, logs: { type: 'boolean' } } })
      .values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message.split('. ')[0]}\n\n${help}`);
    process.exit(2);
  }
}

const options = readOptions();
if (options.help === true) {
  process.stdout.write(help);
} else {
  stopAtSignals();
  const dataDir = mkdtempSync(join(tmpdir(), 'agent-registry-demo-'));
  chmodSync(dataDir, 0o711); // Postgres, which runs as another OS user under root, must be able to traverse it; what is secret has modes of its own.
  try {
    await run(dataDir, options.logs === true);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
  process.exit(exitCode);
}
