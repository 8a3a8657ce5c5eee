import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { callFor, createSender } from '../load.ts';
import { readCpuMs } from '../processes.ts';
import { figureOf, type LimitFigure } from './limit.ts';

const CALLERS = 8;
const WARM_UP_SECONDS = 0.5;

/** A bare Express, in a process of its own, under the load that the API is measured with. */
export async function measureExpress(seconds: number): Promise<LimitFigure> {
  const program = fileURLToPath(new URL('./bare-express.ts', import.meta.url));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  try {
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    const sender = createSender(`http://127.0.0.1:${port.toString().trim()}`, CALLERS);
    const ask = async () => void (await sender.send({ method: 'GET', path: '/' }, 200));
    await callFor(WARM_UP_SECONDS, CALLERS, ask);
    const before = readCpuMs(child.pid!).supervisor;
    const taken = await callFor(seconds, CALLERS, ask);
    const cpuMs = readCpuMs(child.pid!).supervisor - before;
    sender.close();
    return figureOf(taken, cpuMs);
  } finally {
    child.stdin.end();
    await exited;
  }
}
