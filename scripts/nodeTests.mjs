// Runs test files with node:test, each in its own process, in the order given: `nodeTests.mjs [--grep PATTERN] FILE…`.
// `node --test` would sort them by name, but the slowest must start first so that all cores are busy until the end.
import { availableParallelism } from 'node:os';
import { run } from 'node:test';
import { parseArgs } from 'node:util';
import report from './testReporter.mjs';

const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string' } },
});

run({
  files,
  concurrency: availableParallelism(),
  execArgv: ['--import=./scripts/skipPromiseTracking.mjs'],
  testNamePatterns: values.grep ? [values.grep] : undefined,
})
  .on('test:fail', () => {
    process.exitCode = 1;
  })
  .compose(report)
  .pipe(process.stdout);
