/**
 * Runs end-to-end test files: `run.ts [--grep PATTERN] FILE…`. Worker processes take one file after another, so that
 * the files share a server, a browser and its cache. When a server or browser dies, the run ends.
 */
import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser } from '../host/browser.ts';
import { installCodeServer } from '../host/code-server.ts';
import { installExtension } from '../host/extension.ts';
import { killTree } from '../host/process.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string' } },
});
const resultFile = process.env['MAGIC_HOUR_RESULTS'];

// Install first, so that this doesn't count toward a test's time.
await installExtension(await installCodeServer());
await (await launchBrowser()).stop();

const queue = [...positionals];
// Each worker keeps about one core busy.
const workers = Array.from({ length: Math.min(4, availableParallelism(), queue.length) }, (_, index) => {
  const worker = fork(join(import.meta.dirname, 'worker.ts'), {
    execArgv: [
      '--test-reporter=./scripts/testReporter.mjs',
      ...(values.grep ? [`--test-name-pattern=${values.grep}`] : []),
    ],
    env: { ...process.env, ...(resultFile && { MAGIC_HOUR_RESULTS: `${resultFile}.${index}` }) },
  });
  worker.on('message', (message: string) => {
    if (message === 'next') {
      const file = queue.shift();
      worker.send(file === undefined ? 'done' : resolve(file));
      return;
    }
    console.log(`✖ ${message}`);
    for (const other of workers) killTree(other);
    process.exit(1);
  });
  return worker;
});
const codes = await Promise.all(
  workers.map(worker => new Promise<number | null>(resolve => worker.once('exit', resolve))),
);
process.exitCode = codes.every(code => code === 0) ? 0 : 1;

if (resultFile) {
  const results = workers.map((_, index) => JSON.parse(readFileSync(`${resultFile}.${index}`, 'utf8')));
  const sum = (key: string) => results.reduce((total, result) => total + result[key], 0);
  const flaky = results.flatMap(result => result.flaky);
  const total = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped'), flaky };
  writeFileSync(resultFile, JSON.stringify(total));
}
