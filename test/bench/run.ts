/**
 * `npm run bench`: measures all rows and writes docs/benchmarks.md; `npm run bench -- NAME…` only prints these rows.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../host/paths.ts';
import { Bench } from './bench.ts';
import { document, printed, type Outcome } from './report.ts';
import { Skip, type Row } from './row.ts';
import { rows } from './rows/index.ts';

const names = process.argv.slice(2);
for (const name of names) {
  if (rows.some(row => row.name === name)) continue;
  console.error(`Unknown row "${name}". Rows: ${rows.map(row => row.name).join(', ')}.`);
  process.exit(2);
}

async function outcomeOf(row: Row, bench: Bench): Promise<Outcome> {
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  try {
    return { row, figures: await row.measure(bench), seconds: seconds() };
  } catch (error) {
    if (error instanceof Skip) return { row, figures: [], skipped: error.message, seconds: seconds() };
    // Continue with the other rows.
    console.error(error);
    process.exitCode = 1;
    return { row, figures: [], skipped: 'it failed', seconds: seconds() };
  }
}

const bench = await Bench.open();
const outcomes: Outcome[] = [];
try {
  for (const row of rows.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const outcome = await outcomeOf(row, bench);
    outcomes.push(outcome);
    console.log(printed(outcome));
  }
} finally {
  await bench.close();
}
if (names.length === 0) {
  await writeFile(join(root, 'docs', 'benchmarks.md'), await document(outcomes));
  console.log('Wrote docs/benchmarks.md.');
}
// Don't wait for open connections.
process.exit();
