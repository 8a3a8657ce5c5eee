import { setTimeout as delay } from 'node:timers/promises';
import { type CriteriaCheck, criteriaHash } from '@agent-registry/client';
import type { At } from '../at.ts';
import { defineCommand, type Group } from '../define-command.ts';
import { EXIT } from '../describe-error.ts';
import { given, number, repeated, text } from '../flags.ts';
import type { Io } from '../io.ts';
import { readJson, readJsonIfGiven } from '../read-input.ts';
import { type Doc, fields, line, type Span, table, toned } from '../terminal/document.ts';

const POLL_MS = 1_000;

const check = defineCommand({
  usage: 'check <suite>',
  summary: 'Try acceptance criteria on samples, and on a battery of cheats',
  example: 'criteria check suite.json --sample good.json --sample-fails bad.json --repeats 3',
  flags: {
    sample: repeated('<file>', 'a deliverable that should pass; may be repeated'),
    sample_fails: repeated('<file>', 'a deliverable that should fail; may be repeated'),
    repeats: number('<n>', 'how often each sample is judged', { min: 1, max: 100 }),
    hidden_cases: text('<file>', 'the hidden cases that the criteria promise'),
  },
  async run(at, { suite, sample = [], sample_fails = [], repeats, hidden_cases }) {
    const input = given({
      acceptance_criteria: (await readJson(at.io, suite)) as object,
      samples: [
        ...(await samplesOf(at.io, sample, 'pass')),
        ...(await samplesOf(at.io, sample_fails, 'fail')),
      ],
      repeats,
      hidden_cases: await readJsonIfGiven(at.io, hidden_cases),
    });
    return awaitCheck(at, await at.client.checkCriteria(input, { waitSeconds: 25 }));
  },
  show: showCheck,
  exitCode(found) {
    if (found.status === 'unavailable') return EXIT.unreachable;
    const isAsExpected = found.samples.every((judged) => judged.as_expected);
    const hasFault = !isAsExpected || found.deterministic === false || found.forgeable === true;
    return hasFault ? EXIT.verdictFail : EXIT.ok;
  },
});

async function samplesOf<const E>(io: Io, files: readonly string[], expect: E) {
  const samples = [];
  for (const file of files) samples.push({ name: file, result: await readJson(io, file), expect });
  return samples;
}

async function awaitCheck({ client, io, tell }: At, begun: CriteriaCheck): Promise<CriteriaCheck> {
  let found = begun;
  while (found.finished_at === null) {
    tell([line(toned('quiet', 'Not finished yet; waiting.'))]);
    await delay(POLL_MS, undefined, { signal: io.signal });
    found = await client.getCriteriaCheck({ check_id: found.check_id });
  }
  return found;
}

export function showCheck(found: CriteriaCheck): Doc {
  const through = found.cheats.filter(({ passed }) => passed).map(({ name }) => name);
  return [
    ...(found.reason === null ? [] : [line(toned('warn', `Unavailable: ${found.reason}`))]),
    table(found.samples, 'No samples', {
      SAMPLE: (sample) => sample.name,
      EXPECTED: (sample) => sample.expect,
      VERDICTS: (sample) => sample.repeats.map(({ verdict }) => verdict).join(' '),
      'AS EXPECTED': (sample) => finding(sample.as_expected, 'yes', 'NO'),
      DETERMINISTIC: (sample) => finding(sample.deterministic, 'yes', 'NO'),
      SUMMARY: (sample) => sample.report?.summary,
    }),
    fields({
      check: found.check_id,
      'criteria hash': found.acceptance_criteria_hash,
      deterministic: finding(found.deterministic, 'yes', 'NO: judged again, the same work may end otherwise'),
      forgeable: finding(
        found.forgeable === null ? null : !found.forgeable,
        `no: ${found.cheats.length} cheats failed`,
        `YES: passed without the work by ${through.join(', ')}`,
      ),
      proof: found.proof_id ?? toned('quiet', 'none'),
      'proof expires': found.proof_expires_at,
    }),
  ];
}

function finding(isGood: boolean | null, good: string, bad: string): Span {
  if (isGood === null) return toned('quiet', 'unknown');
  return isGood ? toned('good', good) : toned('bad', bad);
}

const hash = defineCommand({
  usage: 'hash <suite>',
  summary: 'Compute the hash that a seller accepts criteria by',
  example: 'criteria hash suite.json',
  access: 'none',
  run: async ({ io }, { suite }) => ({ acceptance_criteria_hash: criteriaHash(await readJson(io, suite)) }),
  show: ({ acceptance_criteria_hash }) => [line(acceptance_criteria_hash)],
});

export const criteria: Group = {
  name: 'criteria',
  summary: 'Acceptance criteria, before they cost anything',
  commands: [check, hash],
};
