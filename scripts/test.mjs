// `npm test`: the layers in order, or only those named: `npm test -- unit e2e`. `npm test -- oldest oldest-e2e` runs on
// the oldest VS Code that `engines.vscode` admits. `--grep <pattern>` picks tests by name, `--screenshots` lets the
// end-to-end run also renew the pictures in docs/. The last line is "N passed, N failed"; the exit code is 0 only when
// nothing failed.
import { spawn } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
const results = join('out', 'results');

/**
 * A layer either is one check (`counts` absent), or runs tests and leaves their counts.
 * `extra` layers run only when they are named.
 * @typedef {{ name: string, command: string, counts?: true, extra?: true, needs?: string[], env?: Record<string, string> }} Layer
 */

/** @param {string} pattern @param {string} options */
function nodeTests(pattern, options = '') {
  const files = globSync(pattern).toSorted();
  const quoted = files.map(file => JSON.stringify(file)).join(' ');
  return `node --test --test-reporter=./scripts/testReporter.mjs ${options} ${quoted || 'no-such-test'}`;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string' }, screenshots: { type: 'boolean' } },
});
const grep = values.grep ? `--test-name-pattern=${JSON.stringify(values.grep)}` : '';

/** The code-server release with the oldest VS Code of `engines.vscode`. */
const oldest = { CODE_SERVER_VERSION: '4.105.1', MAGIC_HOUR_EDITOR: 'code-server' };

/** @type {Layer[]} */
const layers = [
  { name: 'check', command: scripts.check },
  {
    name: 'unit',
    command: nodeTests('test/unit/**/*.test.ts', `--test-concurrency=${availableParallelism()} ${grep}`),
    counts: true,
  },
  { name: 'package', command: scripts.package },
  {
    name: 'editor',
    command: 'node test/host/run-editor-tests.ts',
    counts: true,
    needs: ['package'],
    env: values.grep ? { MAGIC_HOUR_GREP: values.grep } : {},
  },
  {
    name: 'e2e',
    // A file has a server and a browser of its own, and keeps about one core busy.
    command: `node test/host/install.ts && ${nodeTests(
      values.screenshots ? 'test/e2e/**/*.{e2e,screenshots}.ts' : 'test/e2e/**/*.e2e.ts',
      `--test-concurrency=${Math.min(4, availableParallelism())} ${grep}`,
    )}`,
    counts: true,
    needs: ['package'],
    env: { MAGIC_HOUR_REPORT: 'each', ...(values.screenshots ? { MAGIC_HOUR_SCREENSHOTS: 'docs' } : {}) },
  },
  {
    name: 'oldest',
    command: 'node test/host/run-editor-tests.ts',
    counts: true,
    extra: true,
    needs: ['package'],
    env: oldest,
  },
  {
    name: 'oldest-e2e',
    command: nodeTests('test/e2e/main-job.e2e.ts', '--test-name-pattern="talking photo: image and audio"'),
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

/** @type {{ name: string, passed: number, failed: number, note: string }[]} */
const outcomes = [];
for (const layer of wanted) outcomes.push(await run(layer));

console.log();
for (const { name, passed, failed, note } of outcomes) {
  console.log(`${failed > 0 ? '✖' : '✔'} ${name.padEnd(8)} ${passed} passed, ${failed} failed${note}`);
}
const sum = key => outcomes.reduce((total, outcome) => total + outcome[key], 0);
// A pattern that matches nothing is a mistake, not a success.
const failed = sum('passed') + sum('failed') === 0 ? 1 : sum('failed');
console.log(`${sum('passed')} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** @param {Layer} layer */
async function run({ name, command, counts, needs, env }) {
  const missing = needs?.find(need => outcomes.some(outcome => outcome.name === need && outcome.failed > 0));
  if (missing) return { name, passed: 0, failed: 1, note: `, not run: ${missing} failed` };

  console.log(`\n── ${name}`);
  const file = join(results, `${name}.json`);
  const start = performance.now();
  const code = await execute(command, { ...env, MAGIC_HOUR_RESULTS: file }, !counts);
  const time = `, ${((performance.now() - start) / 1000).toFixed(0)} s`;
  if (!counts) return { name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, note: time };

  let passed = 0;
  let failed = 0;
  let skipped = 0;
  try {
    ({ passed, failed, skipped } = JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { name, passed: 0, failed: 1, note: ', ended without a result' };
  }
  // A layer without tests proves nothing; one that ends with an error although its tests passed hides one.
  if (failed === 0 && (code !== 0 || (passed === 0 && !grep))) failed = 1;
  return { name, passed, failed, note: (skipped > 0 ? `, ${skipped} skipped` : '') + time };
}

/**
 * @param {string} command @param {Record<string, string>} env
 * @param {boolean} quiet Show the output only when the command fails.
 * @returns {Promise<number>}
 */
function execute(command, env, quiet) {
  return new Promise((resolve, reject) => {
    const output = quiet ? 'pipe' : 'inherit';
    const child = spawn(command, {
      shell: true,
      stdio: ['ignore', output, output],
      env: { ...process.env, ...env },
    });
    /** @type {Buffer[]} */
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => said.push(chunk));
    child.on('error', reject);
    child.on('close', code => {
      if (code !== 0) process.stdout.write(Buffer.concat(said));
      resolve(code ?? 1);
    });
  });
}
