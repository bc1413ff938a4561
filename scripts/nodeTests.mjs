// Runs test files with node:test, each in its own process, in the order given:
// `nodeTests.mjs [--grep PATTERN] FILE…`. The `node --test` command would sort them, but
// the longest have to start first, or one core waits for the other at the end.
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
  execArgv: ['--import=./scripts/untracked.mjs'],
  testNamePatterns: values.grep ? [values.grep] : undefined,
})
  .on('test:fail', () => {
    process.exitCode = 1;
  })
  .compose(report)
  .pipe(process.stdout);
