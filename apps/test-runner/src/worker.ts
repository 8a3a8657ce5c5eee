// The program of a worker process: `worker.ts checks` or `worker.ts javascript <engine> <max memory bytes>`.
// It begins only what arrives on its standard input, and ends with it.
import { createFrameReader, encodeFrame, type Frame } from './worker/frames.ts';
import type { WorkerMessage } from './worker/protocol.ts';

const maxJobBytes = 16_777_216;
const [kind, engine, maxMemoryBytes] = process.argv.slice(2);

function say(message: WorkerMessage): void {
  for (const part of encodeFrame(message)) process.stdout.write(part);
}

async function prepare(): Promise<{ run: (frame: Frame) => unknown; renew: () => Promise<void> }> {
  if (kind === 'javascript') {
    const { createScripts } = await import('./worker/serve-javascript.ts');
    return createScripts(engine ?? '', Number(maxMemoryBytes));
  }
  const { createChecks } = await import('./worker/serve-checks.ts');
  return { run: createChecks(), renew: () => Promise.resolve() };
}

const { run, renew } = await prepare();
let renewed = Promise.resolve();

async function serve(frame: Frame): Promise<void> {
  await renewed;
  say({ kind: 'begun' });
  const before = process.cpuUsage();
  try {
    const result = run(frame);
    const { user, system } = process.cpuUsage(before);
    const rssBytes = process.memoryUsage.rss();
    say({ kind: 'result', result, cpuMs: (user + system) / 1_000, rssBytes });
  } catch (error) {
    say({ kind: 'broken', message: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown' });
  }
  renewed = new Promise((resolve) => setImmediate(resolve)).then(renew);
}

const reader = createFrameReader(maxJobBytes, (frame) => void serve(frame));
process.stdin.on('data', (chunk: Buffer) => reader.feed(chunk));
process.stdin.on('end', () => process.exit(0));
say({ kind: 'ready' });
