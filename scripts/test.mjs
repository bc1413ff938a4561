// `npm test` runs all layers in order, or only the named ones, such as `npm test -- unit e2e`. To use the oldest VS
// Code version that `engines.vscode` allows, run `npm test -- oldest oldest-e2e`. `--grep PATTERN` selects tests by
// name. `--screenshots` updates the screenshots in docs/ instead of running the end-to-end tests. The last line of the
// output is "N passed, N failed", and the exit code is 0 only if nothing failed.
import { spawn } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { killTree } from '../test/host/process.ts';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
const results = join('out', 'results');

/**
 * A layer is either a single check, or runs tests and writes the number of tests (`counts`). An `extra` layer runs only
 * if it's named. A layer that takes longer than `minutes` is considered stuck, so it's stopped and fails.
 * @typedef {{
 *   name: string, command: string, minutes: number, counts?: true, extra?: true, needs?: string[],
 *   env?: Record<string, string>,
 * }} Layer
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string' }, screenshots: { type: 'boolean' } },
});

/** The slowest files, starting with the slowest. They start first so that all cores are busy until the end. */
const slowest = [
  'jobs/model.test',
  'assets/fuzz.test',
  'reliability/load.test',
  'reliability/faults.test',
  'reliability/fuzz.test',
  'assets/clip.test',
  'crash.e2e',
  'form-access.e2e',
  'form-memory.e2e',
  'jobs-view.e2e',
  'main-job.e2e',
];

/** @param {string} runner @param {string} pattern A glob pattern for the test files. */
function testCommand(runner, pattern, grep = values.grep) {
  const rank = file => slowest.findIndex(name => file.replaceAll('\\', '/').includes(name)) >>> 0;
  const files = globSync(pattern).toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return ['node', runner, ...(grep ? [`--grep=${grep}`] : []), ...files]
    .map(word => JSON.stringify(word))
    .join(' ');
}

/** Selects the code-server release with the oldest VS Code version that `engines.vscode` allows. */
const oldest = { CODE_SERVER_VERSION: '4.105.1', MAGIC_HOUR_EDITOR: 'code-server' };

/** @type {Layer[]} */
const layers = [
  { name: 'check', command: scripts.check, minutes: 5 },
  {
    name: 'unit',
    command: testCommand('scripts/nodeTests.mjs', 'test/unit/**/*.test.ts'),
    minutes: 15,
    counts: true,
  },
  { name: 'package', command: scripts.package, minutes: 5 },
  {
    name: 'editor',
    command: 'node test/host/run-editor-tests.ts',
    minutes: 5,
    counts: true,
    needs: ['package'],
    env: values.grep ? { MAGIC_HOUR_GREP: values.grep } : {},
  },
  {
    name: 'e2e',
    command: testCommand(
      'test/e2e/run.ts',
      values.screenshots ? 'test/e2e/*.screenshots.ts' : 'test/e2e/*.e2e.ts',
    ),
    minutes: values.screenshots ? 30 : 15,
    counts: true,
    needs: ['package'],
    env: { MAGIC_HOUR_REPORT: 'each', ...(values.screenshots ? { MAGIC_HOUR_SCREENSHOTS: 'docs' } : {}) },
  },
  {
    name: 'oldest',
    command: 'node test/host/run-editor-tests.ts',
    minutes: 5,
    counts: true,
    extra: true,
    needs: ['package'],
    env: oldest,
  },
  {
    name: 'oldest-e2e',
    command: testCommand(
      'test/e2e/run.ts',
      'test/e2e/main-job.e2e.ts',
      'creates a talking photo from a clip',
    ),
    minutes: 5,
    counts: true,
    extra: true,
    needs: ['package'],
    env: oldest,
  },
];

for (const name of positionals) {
  if (!layers.some(layer => layer.name === name)) {
    console.error(`No layer "${name}". There are: ${layers.map(layer => layer.name).join(', ')}.`);
    process.exit(2);
  }
}
const named =
  positionals.length > 0 ? positionals : layers.filter(layer => !layer.extra).map(layer => layer.name);
const wanted = layers.filter(
  ({ name }) =>
    named.includes(name) || layers.some(layer => named.includes(layer.name) && layer.needs?.includes(name)),
);

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

/** @type {{ name: string, passed: number, failed: number, note: string, flaky: string[] }[]} */
const outcomes = [];
for (const layer of wanted) outcomes.push({ name: layer.name, flaky: [], ...(await run(layer)) });

console.log();
for (const { name, passed, failed, note } of outcomes) {
  console.log(`${failed > 0 ? '✖' : '✔'} ${name.padEnd(8)} ${passed} passed, ${failed} failed${note}`);
}
for (const test of outcomes.flatMap(({ flaky }) => flaky))
  console.log(`⚠ flaky, passed when repeated: ${test}`);
const sum = key => outcomes.reduce((total, outcome) => total + outcome[key], 0);
// Fail if no tests ran, because a pattern that matches nothing is probably a typo.
const failed = sum('passed') + sum('failed') === 0 ? 1 : sum('failed');
console.log(`${sum('passed')} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** @param {Layer} layer */
async function run({ name, command, minutes, counts, needs, env }) {
  const missing = needs?.find(need => outcomes.some(outcome => outcome.name === need && outcome.failed > 0));
  if (missing) return { passed: 0, failed: 1, note: `, not run: ${missing} failed` };

  console.log(`\n── ${name}`);
  const file = join(results, `${name}.json`);
  const start = performance.now();
  const code = await execute(command, { ...env, MAGIC_HOUR_RESULTS: file }, !counts, minutes);
  const time = `, ${((performance.now() - start) / 1000).toFixed(0)} s`;
  if (code === undefined) return { passed: 0, failed: 1, note: `, stopped after ${minutes} minutes` };
  if (!counts) return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, note: time };

  let result;
  try {
    result = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, note: ', ended without a result' };
  }
  let { passed, failed, skipped, flaky = [] } = result;
  // Also fail a layer that ran no tests, or that exited with an error even though its tests passed.
  if (failed === 0 && (code !== 0 || (passed === 0 && !values.grep))) failed = 1;
  return { passed, failed, flaky, note: (skipped > 0 ? `, ${skipped} skipped` : '') + time };
}

/**
 * @param {string} command @param {Record<string, string>} env
 * @param {boolean} quiet Whether to show the output only if the command fails.
 * @param {number} minutes
 * @returns {Promise<number | undefined>} The exit code, or undefined if the command took too long.
 */
async function execute(command, env, quiet, minutes) {
  const output = quiet ? 'pipe' : 'inherit';
  const child = spawn(command, {
    shell: true,
    stdio: ['ignore', output, output],
    // Cache compiled modules. Otherwise, each test file would compile them again, because it has its own process.
    env: { ...process.env, NODE_COMPILE_CACHE: join('node_modules', '.cache', 'node'), ...env },
  });
  /** @type {Buffer[]} */
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => printed.push(chunk));
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    killTree(child);
  }, minutes * 60_000);
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearTimeout(timer);
  if (code !== 0) process.stdout.write(Buffer.concat(printed));
  return isLate ? undefined : (code ?? 1);
}
