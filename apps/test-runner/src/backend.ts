import type { IsolationReport, RuntimeInfo, ScriptRuntime, TestOutcome } from '@agent-registry/schemas';

/** Bounds of one script. Every one is enforced by the backend, never left to the script. */
export interface ScriptLimits {
  /** From the script's first instruction to its end. */
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly memoryBytes: number;
  /** More than this on stdout and stderr together ends the script with outcome `output`. */
  readonly outputBytes: number;
  /** What is kept of each of stdout and stderr; the rest is drained and dropped. */
  readonly keptOutputBytes: number;
  readonly processes: number;
  /** Size of the temporary directory, and how many files may be in it. */
  readonly diskBytes: number;
  readonly diskFiles: number;
}

export interface ScriptJob {
  readonly runtime: ScriptRuntime;
  /** The decoded script, at most 1 MiB. */
  readonly script: Buffer;
  /** The deliverable as JSON text in UTF-8: `/input/result.json`, or `globalThis.deliverable`. */
  readonly deliverableJson: Buffer;
  readonly limits: ScriptLimits;
}

/** One run of a delivered program: it reads standard input and arguments; what it prints is compared. */
export interface ProgramJob {
  readonly runtime: ScriptRuntime;
  /** All that the sandbox holds of the job, read-only under `/program`. Names are relative and checked. */
  readonly files: readonly ProgramFile[];
  /** The name of the file that runs. */
  readonly entry: string;
  /** At most 4 KiB in all, without NUL. */
  readonly args: readonly string[];
  readonly stdin: Buffer;
  readonly limits: ScriptLimits;
}

export interface ProgramFile {
  /** Segments of letters, digits, `_`, `.` and `-`, joined by `/`. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** Measured usage; milliseconds may have fractions. */
export interface Usage {
  readonly durationMs: number;
  readonly cpuMs: number;
  readonly peakMemoryBytes: number;
}

/** How a script ended. `passed` is exit code 0 and nothing else; a broken harness throws instead. */
export interface ScriptOutcome {
  readonly outcome: Exclude<TestOutcome, 'error' | 'suite_timeout' | 'invalid'>;
  /** Null when a limit or a signal ended it. */
  readonly exitCode: number | null;
  /** One sentence for the seller; no measured figure, so that equal runs read the same. */
  readonly message: string;
  /** UTF-8 with replacement characters, cut to `keptOutputBytes` of bytes. */
  readonly stdout: string;
  readonly stderr: string;
  readonly usage: Usage;
}

/** A script's ending, and the bytes of its standard output: one more than `keptOutputBytes` where there were more. */
export interface ProgramOutcome extends ScriptOutcome {
  readonly stdoutBytes: Buffer;
}

/** No free slot or no isolation for this now. The request is answered 503, without a verdict. */
export class BackendUnavailable extends Error {
  override readonly name = 'BackendUnavailable';
}

/** Unavailable, and the script is known not to have begun: it may be retried. */
export class NotBegun extends BackendUnavailable {}

/** Runs untrusted scripts and programs in isolation. */
export interface ScriptBackend {
  /** What it offers now; empty when its self-test found no isolation. */
  readonly runtimes: readonly RuntimeInfo[];
  readonly isolation: IsolationReport;
  /**
   * Runs one script to its end. Aborting `signal` kills it at once and the promise then rejects with the
   * signal's reason. Rejects with BackendUnavailable when it cannot be begun; with any other error only
   * when the harness broke.
   */
  run(job: ScriptJob, signal: AbortSignal): Promise<ScriptOutcome>;
  /** Runs one program once, in a sandbox of its own; settles as `run` does. */
  runProgram(job: ProgramJob, signal: AbortSignal): Promise<ProgramOutcome>;
  /** Ends every process that it started. */
  close(): Promise<void>;
}
