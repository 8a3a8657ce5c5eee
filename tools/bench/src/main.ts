// `npm run bench`: what the registry costs on this machine, and whether that is less than before.
import { runBench } from './bench.ts';
import { help, type Options, readOptions, scenarioList } from './options.ts';
import { createProgress } from './progress.ts';
import { createSubjects } from './subjects.ts';

const INTERRUPTED = 130;
/** npm and the terminal each pass on the same Ctrl-C; two that close together are one. */
const SAME_KEYPRESS_MS = 500;

/** Rejects at the first Ctrl-C. A second one exits at once; the death watches then end the stacks. */
function interruption(): Promise<never> {
  return new Promise((_, reject) => {
    let firstAtMs: number | null = null;
    const onSignal = () => {
      if (firstAtMs === null) reject(new Error('interrupted'));
      else if (performance.now() - firstAtMs > SAME_KEYPRESS_MS) process.exit(INTERRUPTED);
      firstAtMs ??= performance.now();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
}

async function run(options: Options): Promise<number> {
  const progress = createProgress();
  const subjects = createSubjects();
  const interrupted = interruption();
  let wasInterrupted = false;
  interrupted.catch(() => {
    wasInterrupted = true;
  });
  const running = runBench(options, subjects, progress);
  running.catch(() => undefined); // What breaks because everything is being ended is no news.
  try {
    const { missing } = await Promise.race([running, interrupted]);
    return missing.some(({ failed }) => failed) ? 1 : 0;
  } catch (error) {
    progress.clear();
    process.stderr.write(`${(error as Error).message}\n`);
    return wasInterrupted ? INTERRUPTED : 1;
  } finally {
    progress.say('stopping');
    await subjects.close();
    progress.clear();
  }
}

function readArguments(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${help}`);
    process.exit(2);
  }
}

const options = readArguments();
if (options.mode === 'help') process.stdout.write(help);
else if (options.mode === 'list') process.stdout.write(scenarioList);
else process.exit(await run(options));
