// `npm run drill -- growth --full`: what every query costs on tables of ten thousand to a million rows.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fasterThanLogarithm, growthOf, growthTable, plotGrowth, type QueryCost } from './figures.ts';

const HELP = `Fills the tables three times, runs every query under the bounds of the small ones, and tells how what each costs grows:

  npx node tools/bench/src/growth/main.ts [options]

  --rows <n,n,…>   sizes of the tables (10000,100000,1000000)
  --svg <file>     the plot (growth.svg)
  --help

Exits with 1 when a query passes a bound, or touches pages faster than by the logarithm of the rows.
`;
const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** Runs the queries' test on tables of so many rows. What it is told goes on to the terminal. */
function measure(rows: number, figures: string): boolean {
  const env = { ...process.env, GROWTH_ROWS: String(rows), GROWTH_FIGURES: figures };
  const args = ['test', '-w', 'packages/db', '--', 'src/query-plans.test.ts'];
  return spawnSync('npm', args, { cwd: root, env, stdio: 'inherit' }).status === 0;
}

function run(sizes: readonly number[], svg: string): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'agent-registry-growth-'));
  try {
    const figures = join(directory, 'figures.jsonl');
    writeFileSync(figures, '');
    const passed = sizes.map((rows) => measure(rows, figures));
    const lines = readFileSync(figures, 'utf8').split('\n').filter(Boolean);
    const growths = growthOf(lines.map((line) => JSON.parse(line) as QueryCost));
    if (growths.length === 0) return false;
    console.log(growthTable(growths));
    writeFileSync(
      svg,
      plotGrowth(growths, `What queries take, by rows a table, ${new Date().toISOString()}`),
    );
    const tooFast = fasterThanLogarithm(growths);
    for (const { query } of tooFast)
      console.log(`FAILED: ${query} grows faster than the logarithm of the rows`);
    return tooFast.length === 0 && passed.every(Boolean);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000,100000,1000000' },
    svg: { type: 'string', default: 'growth.svg' },
    help: { type: 'boolean', short: 'h' },
  },
});
const sizes = values.rows.split(',').map(Number);
if (values.help === true) process.stdout.write(HELP);
else if (sizes.some((rows) => !Number.isInteger(rows) || rows < 1_000)) {
  process.stderr.write(`--rows are numbers of at least 1000\n\n${HELP}`);
  process.exitCode = 2;
} else process.exitCode = run(sizes, values.svg) ? 0 : 1;
