import { parseArgs } from 'node:util';
import { seedListings } from './seed-listings.ts';

// The bench runs it in other checkouts too, to fill their database: its options stay.
const HELP = `Fills an empty registry with a market of made-up sellers and listings, all or nothing.

  npx node tools/bench/src/seed.ts --url URL [--listings N]

  --url        the database, as registry_owner or as a superuser
  --listings   how many (1000000); ten a seller

Ctrl-C leaves the registry as it was.
`;

const LISTINGS_MAX = 10_000_000;
const INTERRUPTED = 130;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      listings: { type: 'string', default: '1000000' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const listings = Number(values.listings);
  if (
    values.url === undefined ||
    !Number.isSafeInteger(listings) ||
    listings < 1 ||
    listings > LISTINGS_MAX
  ) {
    process.stderr.write(`--url is needed, and --listings from 1 to ${LISTINGS_MAX}\n\n${HELP}`);
    process.exitCode = 2;
    return;
  }
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(0)} s`;
  try {
    const onProgress = (step: string, done: number, total: number) =>
      void process.stderr.write(
        `\r${step}: ${done} of ${total} (${seconds()})\u001b[K${done === total ? '\n' : ''}`,
      );
    await seedListings({ url: values.url, listings, onProgress, signal: interruption.signal });
    console.log(`seeded ${listings} listings in ${seconds()}`);
  } catch (error) {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = interruption.signal.aborted ? INTERRUPTED : 1;
  }
}

await main();
