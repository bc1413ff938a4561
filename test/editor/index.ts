/** Runs every `*.test.mjs` in this folder with mocha, inside the extension host. */
import { glob, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Mocha from 'mocha';
import { notes } from './support/notes.ts';

/** The results that the test runner reads. */
export interface EditorResults {
  passed: number;
  failed: number;
  skipped: number;
  failures: { title: string; stack: string }[];
  /** Measurements to print. */
  notes: readonly string[];
}

/**
 * Called by VS Code. Writes {@link EditorResults} to the file named in `MAGIC_HOUR_RESULTS`; `MAGIC_HOUR_GREP`
 * selects tests.
 *
 * @throws Error if a test failed, so that the exit code of the run is not 0.
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: 'spec', color: false });
  if (process.env['MAGIC_HOUR_GREP']) mocha.grep(new RegExp(process.env['MAGIC_HOUR_GREP'], 'u'));
  // In order, because the first tests check the state right after activation.
  const files: string[] = [];
  for await (const file of glob('**/*.test.mjs', { cwd: import.meta.dirname })) files.push(file);
  for (const file of files.toSorted()) mocha.addFile(join(import.meta.dirname, file));
  await mocha.loadFilesAsync();

  const results: EditorResults = { passed: 0, failed: 0, skipped: 0, failures: [], notes };
  await new Promise<void>(resolve => {
    const runner = mocha.run(() => resolve());
    runner.on('pass', () => results.passed++);
    runner.on('pending', () => results.skipped++);
    runner.on('fail', (test, error: Error) => {
      results.failed++;
      results.failures.push({ title: test.fullTitle(), stack: error.stack ?? String(error) });
    });
  });
  const file = process.env['MAGIC_HOUR_RESULTS'];
  if (file) await writeFile(file, JSON.stringify(results));
  if (results.failed > 0) throw new Error(`${results.failed} tests failed`);
}
