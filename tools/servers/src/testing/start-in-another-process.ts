import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { commandLine, sendSignal } from '../process-identity.ts';

export interface Supervisor {
  readonly pid: number;
  readonly postgresPid: number;
  readonly url: string;
  /** Ends the watch that would end Postgres with its supervisor, as a machine's out-of-memory killer might. */
  killDeathWatch(): void;
}

const program = `
  const { startPostgres } = await import(process.env.START_POSTGRES);
  const { url, pid } = await startPostgres(JSON.parse(process.env.OPTIONS));
  console.log(JSON.stringify({ url, postgresPid: pid }));
`;

function killDeathWatch(postgresPid: number): void {
  const isWatch = (pid: number) => commandLine(pid).includes(` death-watch ${postgresPid} `);
  for (const pid of readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)) {
    if (isWatch(pid)) sendSignal(pid, 'SIGKILL');
  }
}

/** Starts a Postgres under a supervisor that a test may kill. */
export async function startInAnotherProcess(options: {
  dataDir?: string;
  tmpdir?: string;
}): Promise<Supervisor> {
  const { tmpdir, ...rest } = options;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      START_POSTGRES: new URL('../index.ts', import.meta.url).href,
      OPTIONS: JSON.stringify({ port: 0, ephemeral: rest.dataDir === undefined, ...rest }),
      ...(tmpdir === undefined ? {} : { TMPDIR: tmpdir }),
    },
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { url, postgresPid } = JSON.parse(line) as { url: string; postgresPid: number };
  return { pid: child.pid!, postgresPid, url, killDeathWatch: () => killDeathWatch(postgresPid) };
}
