import type { Taken } from './load.ts';
import type { PerPart } from './processes.ts';
import type { StackUnderTest, StartedStack } from './stack-under-test.ts';
import type { StatementCount } from './statements.ts';

/** How often the least that a thing can cost would use each of the machine's own limits. */
export interface Floor {
  readonly express?: number;
  readonly verify?: number;
  readonly select?: number;
  readonly commit?: number;
}

/** One figure: a kind of work under one load. */
export interface Case {
  readonly label: string;
  /** How many do it at once; it is the x of the plot. */
  readonly load: number;
  /** What is counted: request, job, event. */
  readonly unit: string;
  readonly floor?: Floor;
  /** Where it is measured, when that is not the stack that the scenario was opened on. */
  readonly stack?: StackUnderTest;
  /** Does it for about so long. */
  run(seconds: number): Promise<Taken>;
  /** What it found beside the figures, told with them. */
  readonly tell?: () => string;
}

export interface Opened {
  readonly cases: readonly Case[];
  /** Cases that cannot be measured here, and why. */
  readonly skipped?: readonly { readonly label: string; readonly reason: string }[];
  /** Told with the figures. */
  readonly note?: string;
  close(): Promise<void> | void;
}

/** What a stack uses in a second while nobody asks for anything: above all the sweep, which a local stack calls each second. */
export interface Idle {
  readonly cpuMs: PerPart;
  /** Null where they cannot be counted. */
  readonly statements: StatementCount | null;
}

/** A checkout and its running stack. */
export interface Subject {
  readonly name: string;
  readonly stack: StackUnderTest;
  readonly idle: Idle;
  /** Another stack of the same checkout, with a database of its own and further flags; to be stopped when the scenario is closed. */
  startStack(flags?: readonly string[]): Promise<StartedStack>;
  /** Runs a program of the same checkout to its end. Throws when it fails. */
  runProgram(file: string, args: readonly string[]): Promise<void>;
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  /** Takes minutes: only when asked for. */
  readonly long?: boolean;
  /** Waits until Redis decides the nonces, as it does in production. */
  readonly needsRedis: boolean;
  /** For how long at least each case is measured, seconds. */
  readonly leastSeconds?: number;
  /** Into how many slices that is cut; their memory is told one by one. */
  readonly slices?: number;
  /** Throws Skipped where it cannot be measured. */
  open(subject: Subject): Promise<Opened>;
}

/** Says why a scenario cannot be measured; that is no failure. */
export class Skipped extends Error {}
