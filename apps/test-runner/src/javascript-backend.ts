import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RuntimeInfo } from '@agent-registry/schemas';
import { BackendUnavailable, type ScriptBackend, type ScriptJob, type ScriptOutcome } from './backend.ts';
import type { ProgramPaths } from './bundle-paths.ts';
import type { JavascriptJob, JavascriptResult } from './worker/protocol.ts';
import type { WorkerPool } from './worker-pool.ts';

/** The release of QuickJS inside the engine's WebAssembly file. */
const quickjsVersion = '2025-09-13';
const backendName = 'quickjs-wasm';
const answerBytes = 2_097_152;
/** Beyond the script's own memory: node, the engine's code and what it copies. */
const overheadBytes = 402_653_184;
/** A count of the engine's steps bounds a script, so that it ends at the same place on every machine. */
const stepsPerCpuMs = 100_000;

/** The `javascript` runtime: QuickJS in WebAssembly, in worker processes. Owns the pool. */
export function createJavascriptBackend(pool: WorkerPool, paths: ProgramPaths): ScriptBackend {
  const runtime: RuntimeInfo = {
    name: 'javascript',
    version: `QuickJS ${quickjsVersion}`,
    engine_hash: createHash('sha256').update(readFileSync(paths.engine)).digest('hex'),
    backend: backendName,
  };
  return {
    runtimes: [runtime],
    isolation: {
      backend: backendName,
      available: true,
      reason: null,
      facts: {
        memory: 'webassembly maximum',
        cpu: 'step count',
        network: false,
        clock: false,
        files: false,
      },
    },
    run: (job, signal) => run(pool, job, signal),
    runProgram: () => Promise.reject(new BackendUnavailable('javascript runs no programs')),
    close: () => pool.close(),
  };
}

async function run(pool: WorkerPool, job: ScriptJob, signal: AbortSignal): Promise<ScriptOutcome> {
  const { limits, script, deliverableJson } = job;
  const header: JavascriptJob = {
    scriptBytes: script.length,
    steps: Math.floor(limits.cpuMs * stepsPerCpuMs),
    memoryBytes: limits.memoryBytes,
    outputBytes: limits.outputBytes,
    keptOutputBytes: limits.keptOutputBytes,
  };
  const bounds = { wallMs: limits.wallMs, rssBytes: limits.memoryBytes + overheadBytes, answerBytes };
  const end = await pool.run(header, Buffer.concat([script, deliverableJson]), bounds, signal);
  if (end.kind === 'stopped') {
    return {
      outcome: end.reason,
      exitCode: null,
      message: stopped[end.reason],
      stdout: '',
      stderr: '',
      usage: end.usage,
    };
  }
  const { peakMemoryBytes, ...result } = end.result as JavascriptResult;
  return { ...result, usage: { ...end.usage, peakMemoryBytes } };
}

const stopped = {
  timeout: 'Ran longer than its limit.',
  memory: 'Used more memory than its limit.',
  output: 'Said more than its limit.',
  killed: 'Its process was killed.',
} as const;
