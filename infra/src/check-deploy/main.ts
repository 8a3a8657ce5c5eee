// `npm run check:deploy`: what of an environment is missing, by reading alone.
import { execFile } from 'node:child_process';
import { parseArgs } from 'node:util';
import { ENVIRONMENT_NAMES, ENVIRONMENTS, type Environment, GITHUB } from '../environments.ts';
import { projectQuestion, type Question, questionsOf } from './questions.ts';

const help = `Tells what of an environment is missing: npm run check:deploy -- ${ENVIRONMENT_NAMES.join('|')}

Asks gcloud, as the account that is logged in, and changes nothing.
Exits 0 when all is there, 1 when something is missing or differs, 2 for wrong arguments, 3 when gcloud could not answer.
`;
const exitCodes = { well: 0, missing: 1, usage: 2, unanswered: 3 };
const atOnce = 4;
const timeoutMs = 60_000;
const maxAnswerBytes = 16 << 20;
const isAbsent = /NOT_FOUND|not found|does not exist|SERVICE_DISABLED|has not been used|not enabled/i;

interface Finding {
  readonly step: string;
  readonly kind: 'missing' | 'unanswered';
  readonly text: string;
}

const run = (args: readonly string[]): Promise<{ error: Error | null; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, CLOUDSDK_CORE_DISABLE_PROMPTS: '1' };
    execFile(
      'gcloud',
      args,
      { env, timeout: timeoutMs, maxBuffer: maxAnswerBytes },
      (error, stdout, stderr) => resolve({ error, stdout, stderr }),
    );
  });

/** What one question finds. A thing that is absent is a finding; a gcloud that cannot answer says nothing of the thing. */
async function ask({ project }: Environment, { step, command, problems }: Question): Promise<Finding[]> {
  const { error, stdout, stderr } = await run([...command, `--project=${project}`, '--format=json']);
  const finding = (kind: Finding['kind'], text: string): Finding => ({ step, kind, text });
  if (error !== null) {
    const said = stderr.trim().split('\n')[0] || error.message;
    const kind = isAbsent.test(stderr) ? 'missing' : 'unanswered';
    return [finding(kind, `gcloud ${command.join(' ')}: ${said}`)];
  }
  try {
    const answer = JSON.parse(stdout || '[]') as unknown;
    return problems((Array.isArray(answer) ? answer : [answer]) as Record<string, unknown>[]).map((text) =>
      finding('missing', text),
    );
  } catch {
    return [finding('unanswered', `gcloud ${command.join(' ')} answered what is not JSON`)];
  }
}

async function askAll(environment: Environment): Promise<Finding[]> {
  const first = await ask(environment, projectQuestion(environment));
  if (first.length > 0) return first;
  const questions = questionsOf(environment);
  const findings: Finding[][] = [];
  const next = questions.entries();
  const work = async (): Promise<void> => {
    for (const [at, question] of next) findings[at] = await ask(environment, question);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const isPlaceholder = GITHUB.owner === 'OWNER';
  const text = 'environments.ts does not say yet whose repository is released, nor who is told of alerts';
  return [
    ...(isPlaceholder ? [{ step: 'Before you begin', kind: 'missing', text } as const] : []),
    ...findings.flat(),
  ];
}

function tell(environment: Environment, findings: readonly Finding[]): number {
  const { name, project } = environment;
  if (findings.length === 0) {
    console.log(`${name} (${project}): everything is there`);
    return exitCodes.well;
  }
  for (const step of new Set(findings.map((finding) => finding.step))) {
    console.log(`${step} (infra/README.md)`);
    for (const { kind, text } of findings.filter((finding) => finding.step === step))
      console.log(`  ${kind === 'missing' ? '✗' : '?'} ${text}`);
  }
  const missing = findings.filter(({ kind }) => kind === 'missing').length;
  console.log(
    `${name} (${project}): ${missing} missing or different, ${findings.length - missing} not answered`,
  );
  return missing > 0 ? exitCodes.missing : exitCodes.unanswered;
}

function readArguments(): { help: boolean; environment: Environment | undefined } {
  try {
    const options = { help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const name =
      positionals.length === 1 ? ENVIRONMENT_NAMES.find((known) => known === positionals[0]) : undefined;
    return { help: values.help === true, environment: name === undefined ? undefined : ENVIRONMENTS[name] };
  } catch {
    return { help: false, environment: undefined };
  }
}

const given = readArguments();
if (given.help) process.stdout.write(help);
else if (given.environment === undefined) {
  process.stderr.write(help);
  process.exitCode = exitCodes.usage;
} else process.exitCode = tell(given.environment, await askAll(given.environment));
