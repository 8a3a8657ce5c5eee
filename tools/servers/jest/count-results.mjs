// Sums what each project's run counted (count-reporter.mjs), whether it ran now or came from the Nx cache.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns {{ passed: number, failed: number, skipped: number }} */
export function countResults(directory) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.json'))) {
    const counted = JSON.parse(readFileSync(join(directory, file), 'utf8'));
    for (const key of Object.keys(total)) total[key] += counted[key];
  }
  return total;
}
