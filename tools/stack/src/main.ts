// `npm start`: the whole registry on this machine, until Ctrl-C.
import { loadEnv } from '@agent-registry/config';
import { type CommandLine, help, readCommandLine } from './command-line.ts';
import type { LogEntry } from './log-book.ts';
import { formatLogLine, isOfStart, isRoutine } from './pretty-log.ts';
import { startStack } from './start-stack.ts';
import { stopOnSignals } from './stop-on-signals.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** As JSON, every line is one object, also those that a part wrote as plain text. */
function asJson({ service, line }: LogEntry): string {
  return line.startsWith('{') ? line : JSON.stringify({ service, message: line });
}

async function run({ dataDir, ports, json, redis, instances, bundles, seed }: CommandLine): Promise<void> {
  const show = json ? asJson : formatLogLine;
  const stopping = new AbortController();
  let isStarting = true;
  const starting = startStack({
    signal: stopping.signal,
    dataDir,
    ports,
    redis,
    instances,
    seed: seed === null ? undefined : { word: seed },
    bundles,
    env: loadEnv({ cwd: process.cwd(), env: process.env }),
    log: (entry) => {
      if (json || (isStarting ? isOfStart(entry) : !isRoutine(entry))) print(show(entry));
    },
  });
  // A start that was told to stop has failed for that reason, and has left nothing running.
  const started = starting.catch((error: unknown) => {
    if (stopping.signal.aborted) return null;
    throw error;
  });
  stopOnSignals(async () => {
    stopping.abort();
    await (await started)?.stop();
  });
  const stack = await started;
  isStarting = false;
  if (json || stack === null) return;
  const url = `http://localhost:${stack.ports.api}`;
  print(
    `  ${url} serves; to read: ${url}/docs; by hand: npx agent-registry register Carol --registry ${url}; audit: npm run audit${dataFlag(dataDir)}`,
  );
  print(
    `  Data, secrets and the operator's key are in ${dataDir}. From here on the parts' logs follow. Ctrl-C ends everything.`,
  );
}

const dataFlag = (dataDir: string): string => (dataDir === '.data' ? '' : ` -- --data ${dataDir}`);

function readArguments(): CommandLine {
  try {
    return readCommandLine(process.argv.slice(2), process.env);
  } catch (error) {
    process.stderr.write(`${(error as Error).message.split('. ')[0]}\n\n${help}`);
    process.exit(2);
  }
}

const commandLine = readArguments();
try {
  if (commandLine.help) print(help);
  else await run(commandLine);
} catch (error) {
  process.stderr.write(`\n${(error as Error).message}\n`);
  process.exit(1);
}
