import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { ScriptLimits } from '../backend.ts';
import type { SandboxContext } from './bwrap/launcher.ts';
import { runScript } from './run-script.ts';
import type { Interpreter } from './runtimes.ts';
import { type Start, startSandbox } from './sandbox.ts';
import { type Bait, type Probe, probes } from './self-test-probes.ts';

/** A probe that holds takes some milliseconds; five seconds did not always suffice on a machine with four times its load. */
const probeMs = 20_000;

const mebibyte = 1024 * 1024;

/** Bounds of a probe where it does not ask for others. */
const probeLimits: ScriptLimits = {
  wallMs: probeMs,
  cpuMs: probeMs,
  memoryBytes: 64 * mebibyte,
  outputBytes: mebibyte,
  keptOutputBytes: 4096,
  processes: 64,
  diskBytes: 16 * mebibyte,
  diskFiles: 4096,
};

/** What the probes found: a reason for people to read when something did not hold. */
export interface SelfTest {
  readonly flaw: string | null;
  /** Whether files in /tmp can be counted, or only bounded with the memory that they take. */
  readonly countsFiles: boolean;
}

/** Runs every probe in a real sandbox. Needs bash, in which the probes are written. */
export async function selfTest(
  context: SandboxContext,
  interpreters: readonly Interpreter[],
): Promise<SelfTest> {
  const bash = interpreters.find(({ name }) => name === 'bash:5');
  if (bash === undefined) {
    return { flaw: 'bash 5 was not found, and the self-test needs it', countsFiles: false };
  }
  const file = join(context.scratch.path, 'bait');
  writeFileSync(file, 'bait', { mode: 0o444 });
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const bait = { file, port: (server.address() as AddressInfo).port };
    let countsFiles = true;
    for (const probe of probes) {
      const flaw = await put(probe, bait, context, bash);
      if (flaw !== null && probe.name === 'disk' && context.groups !== null) {
        countsFiles = false;
      } else if (flaw !== null) {
        return { flaw: `self-test of ${probe.name}: ${flaw}`, countsFiles };
      }
    }
    return { flaw: await startsAll(context, interpreters), countsFiles };
  } finally {
    server.close();
    rmSync(file, { force: true });
  }
}

async function put(
  probe: Probe,
  bait: Bait,
  context: SandboxContext,
  bash: Interpreter,
): Promise<string | null> {
  const limits = { ...probeLimits, ...probe.limits };
  try {
    const sandbox = startSandbox(context, bash, limits, 'with script');
    const job = {
      runtime: bash.name,
      script: Buffer.from(probe.script(bait)),
      deliverableJson: Buffer.from('{"probe":true}'),
      limits,
    };
    return probe.flaw(await runScript(sandbox, job, AbortSignal.timeout(probeMs * 2)));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Each interpreter must come up under the filter and the limits that scripts get, whenever it is started. */
async function startsAll(
  context: SandboxContext,
  interpreters: readonly Interpreter[],
): Promise<string | null> {
  for (const interpreter of interpreters) {
    for (const start of ['waiting', 'with script'] as const) {
      const flaw = await starts(context, interpreter, start);
      if (flaw !== null) {
        return flaw;
      }
    }
  }
  return null;
}

async function starts(
  context: SandboxContext,
  interpreter: Interpreter,
  start: Start,
): Promise<string | null> {
  const limits = { ...probeLimits, memoryBytes: 256 * mebibyte };
  const job = {
    runtime: interpreter.name,
    script: Buffer.from(''),
    deliverableJson: Buffer.from('null'),
    limits,
  };
  const sandbox = startSandbox(context, interpreter, limits, start);
  const { outcome, stderr } = await runScript(sandbox, job, AbortSignal.timeout(probeMs * 2));
  return outcome === 'passed'
    ? null
    : `an empty ${interpreter.name} script, ${start}, ended as ${outcome}: ${stderr.slice(0, 200)}`;
}
