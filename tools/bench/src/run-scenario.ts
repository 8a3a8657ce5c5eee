import { type Figures, measureSlice, type Slice, summarize, warmUp } from './measure.ts';
import type { Progress } from './progress.ts';
import { type Case, type Floor, type Opened, type Scenario, Skipped, type Subject } from './scenario.ts';
import type { StatementCount } from './statements.ts';

const SLICES_MOST = 5;
const SLICE_SECONDS_LEAST = 0.5;
const WARM_UP_SECONDS_MOST = 2;
/** By performance.now() after a stack serves: Redis decides the nonces once its memory reaches back twice the age of a signature. */
const REDIS_TRUSTED_AFTER_MS = 62_000;

/** A case as it was measured on one subject. */
export interface Row {
  readonly scenario: string;
  readonly label: string;
  readonly load: number;
  readonly unit: string;
  readonly subject: string;
  readonly floor: Floor;
  readonly note: string | null;
  readonly figures: Figures;
}

export interface Missing {
  readonly scenario: string;
  readonly subject: string;
  readonly label: string | null;
  readonly reason: string;
  /** It was to be measured, and something broke. */
  readonly failed: boolean;
}

export interface Outcome {
  readonly rows: readonly Row[];
  readonly missing: readonly Missing[];
}

interface Entry {
  readonly one: Case;
  readonly subject: Subject;
  readonly note: string | null;
  readonly slices: Slice[];
  statements: StatementCount | null;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Measures the cases of a scenario on every subject, a slice of each in turn, so that what else the machine does meets all of them
 * alike: what is compared is never minutes apart. A case that breaks is told as missing and ends for every subject.
 */
export async function runScenario(
  scenario: Scenario,
  subjects: readonly Subject[],
  secondsEach: number,
  progress: Progress,
): Promise<Outcome> {
  const missing: Missing[] = [];
  const opened: { subject: Subject; opened: Opened }[] = [];
  const seconds = Math.max(secondsEach, scenario.leastSeconds ?? 0);
  const miss = (subject: Subject, label: string | null, reason: string, failed: boolean) =>
    missing.push({ scenario: scenario.name, subject: subject.name, label, reason, failed });
  try {
    if (scenario.needsRedis) await whenRedisIsTrusted(subjects, progress);
    for (const subject of subjects) {
      progress.say(`${scenario.name}: preparing ${subject.name}`);
      try {
        const one = await scenario.open(subject);
        opened.push({ subject, opened: one });
        for (const { label, reason } of one.skipped ?? []) miss(subject, label, reason, false);
      } catch (error) {
        miss(subject, null, reasonOf(error), !(error instanceof Skipped));
      }
    }
    const entries = await measureInTurn(scenario, entriesOf(opened), seconds, progress, (entry, error) =>
      miss(entry.subject, `${entry.one.label} × ${entry.one.load}`, reasonOf(error), true),
    );
    return { rows: entries.map((entry) => rowOf(scenario, entry)), missing };
  } finally {
    for (const one of opened) await one.opened.close();
  }
}

/** Case by case, and of each case subject by subject. */
function entriesOf(opened: readonly { subject: Subject; opened: Opened }[]): Entry[] {
  const all = opened.flatMap(({ subject, opened: { cases, note = null } }) =>
    cases.map((one, index) => ({ index, one, subject, note, slices: [], statements: null })),
  );
  return all.toSorted((a, b) => a.index - b.index);
}

async function measureInTurn(
  scenario: Scenario,
  entries: readonly Entry[],
  seconds: number,
  progress: Progress,
  onFailure: (entry: Entry, error: unknown) => void,
): Promise<Entry[]> {
  const alive = new Set(entries);
  const attempt = async (entry: Entry, what: string, work: () => Promise<void>) => {
    if (!alive.has(entry)) return;
    progress.say(`${scenario.name}: ${entry.one.label} × ${entry.one.load}, ${entry.subject.name}, ${what}`);
    try {
      await work();
    } catch (error) {
      alive.delete(entry);
      onFailure(entry, error);
    }
  };
  for (const entry of entries) {
    await attempt(entry, 'warming up', async () => {
      entry.statements = await warmUp(
        entry.one,
        stackOf(entry),
        entry.subject.idle,
        Math.min(seconds, WARM_UP_SECONDS_MOST),
      );
    });
  }
  const most = Math.min(SLICES_MOST, Math.floor(seconds / SLICE_SECONDS_LEAST));
  const slices = scenario.slices ?? Math.max(1, most);
  for (let slice = 0; slice < slices; slice += 1) {
    // There and back, so that nobody always comes after the same neighbour.
    for (const entry of slice % 2 === 0 ? entries : entries.toReversed()) {
      await attempt(entry, `slice ${slice + 1} of ${slices}`, async () => {
        entry.slices.push(await measureSlice(entry.one, stackOf(entry), seconds / slices));
      });
    }
  }
  return [...alive];
}

const stackOf = ({ one, subject }: Entry) => one.stack ?? subject.stack;

function rowOf(scenario: Scenario, { one, subject, note, slices, statements }: Entry): Row {
  const { label, load, unit, floor = {} } = one;
  const figures = summarize(slices, statements);
  const told = [note, one.tell?.() ?? null].filter((text) => text !== null).join('; ');
  return {
    scenario: scenario.name,
    label,
    load,
    unit,
    subject: subject.name,
    floor,
    note: told === '' ? null : told,
    figures,
  };
}

async function whenRedisIsTrusted(subjects: readonly Subject[], progress: Progress): Promise<void> {
  const waitMs = subjects
    .filter(({ stack }) => stack.hasRedis)
    .map(({ stack }) => stack.readyAtMs + REDIS_TRUSTED_AFTER_MS - performance.now());
  const endsAt = performance.now() + Math.max(0, ...waitMs);
  while (performance.now() < endsAt) {
    const left = Math.ceil((endsAt - performance.now()) / 1_000);
    progress.say(`Redis decides the nonces a minute after its start: ${left} s left`);
    await new Promise((resolve) => setTimeout(resolve, Math.min(1_000, endsAt - performance.now())));
  }
}
