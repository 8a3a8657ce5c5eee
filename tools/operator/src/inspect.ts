import { createDb, type Db } from '@agent-registry/db';
import { findDatabaseUrl } from './database-url.ts';
import {
  inspectJob,
  inspectNegotiation,
  inspectReputation,
  inspectScore,
  inspectVerdicts,
  type Report,
} from './index.ts';

const HELP = `Recomputes the registry's figures, from its rows or from its public log. It only reads.

  npm run inspect -- reputation <agent_id>   the score, review by review, beside what is stored
  npm run inspect -- score <agent_id> [<url>]   the score from the leaves of the public log alone, over HTTP, beside what is said of it
  npm run inspect -- negotiation [<job_id>]  checks the hash chain of one negotiation, or of all
  npm run inspect -- job <job_id>            a job's story: offers, events, runs, deliveries and every cent
  npm run inspect -- verdicts --runner <digest>   the verdicts that one build of the test-runner gave, and what its recall made of them

The registry of a score is <url>, REGISTRY_URL or http://localhost:8000; it takes no key and no database.
The database is DATABASE_URL, or that of the local stack that runs on STACK_DATA (.data).
Exit code: 0 sound, 1 something does not add up, 2 the command could not run.
`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DIGEST = /^[0-9a-f]{64}$/;

function chooseInspection(args: readonly string[]): ((db: Db) => Promise<Report>) | null {
  const [what, id, ...rest] = args;
  if (what === 'verdicts') return chooseVerdicts(id, rest);
  if (rest.length > 0 || (id !== undefined && !UUID.test(id))) return null;
  if (what === 'negotiation') return (db) => inspectNegotiation(db, id);
  if (id === undefined) return null;
  if (what === 'reputation') return (db) => inspectReputation(db, id);
  return what === 'job' ? (db) => inspectJob(db, id) : null;
}

function chooseVerdicts(flag: string | undefined, [digest = '', ...rest]: readonly string[]) {
  const isAsked = flag === '--runner' && DIGEST.test(digest) && rest.length === 0;
  return isAsked ? (db: Db) => inspectVerdicts(db, digest) : null;
}

/** Of a score, which needs no database. */
function chooseScore([what, id = '', url, ...rest]: readonly string[]): (() => Promise<Report>) | null {
  if (what !== 'score' || !UUID.test(id) || rest.length > 0) return null;
  const baseUrl = url ?? process.env.REGISTRY_URL ?? 'http://localhost:8000';
  return URL.canParse(baseUrl) ? () => inspectScore(baseUrl.replace(/\/+$/, ''), id) : null;
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const inspectPublic = chooseScore(args);
  if (inspectPublic !== null) return print(await inspectPublic());
  const inspect = chooseInspection(args);
  if (inspect === null) {
    const asked = args.includes('--help') || args.includes('-h');
    (asked ? process.stdout : process.stderr).write(HELP);
    return asked ? 0 : 2;
  }
  const db = createDb({ url: findDatabaseUrl(), poolMax: 1 });
  try {
    return print(await inspect(db));
  } finally {
    await db.destroy();
  }
}

function print({ lines, faults }: Report): number {
  process.stdout.write(`${lines.join('\n')}\n`);
  return faults === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`The inspection failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
