import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EditorResults } from '../../editor/index.ts';
import { results, root } from '../../host/paths.ts';
import type { Bench } from '../bench.ts';
import { bytes, count, ms } from '../figures.ts';
import type { Row } from '../row.ts';
import { eagerBytes } from './package.ts';

const run = promisify(execFile);
let inHost: Promise<EditorResults> | undefined;

/**
 * Runs the editor layer's activation tests in a real extension host, once for both rows. They activate the extension
 * repeatedly and record the timers, watchers, and sockets that the extension's code creates.
 */
function activated(bench: Bench): Promise<EditorResults> {
  return (inHost ??= (async () => {
    await bench.packaged();
    const file = join(results, 'editor.json');
    await rm(file, { force: true });
    const script = join(root, 'test', 'host', 'run-editor-tests.ts');
    const env = { ...process.env, MAGIC_HOUR_GREP: '^Activation' };
    // A failed test is a missed target.
    const { stdout } = await run(process.execPath, [script], { cwd: root, env }).catch(
      (error: { stdout: string }) => error,
    );
    const read = await readFile(file, 'utf8').catch(() => {
      throw new Error(`The extension host didn't report:\n${stdout}`);
    });
    return JSON.parse(read) as EditorResults;
  })());
}

export const activation: Row = {
  name: 'activation',
  what: 'Code loaded at activation, and activation time',
  reference: 'similar extensions, which load 5 to 516 KB',
  method:
    'The code is what the package’s entry point imports statically, minified. The time is that of `activate()` in a real extension host, the median of 21 activations. The editor tests also check that activation uses no network and reads only the unfinished jobs from disk.',
  async measure(bench) {
    await bench.packaged();
    const eager = await eagerBytes(join(root, 'dist', 'extension.js'));
    const { notes } = await activated(bench);
    const took = Number(/activate\(\): ([\d.]+) ms/.exec(notes.join('\n'))?.[1] ?? Number.NaN);
    return [
      {
        of: 'code',
        ours: bytes(eager),
        reference: '5–516 KB',
        result: bytes(eager),
        target: '≤ 50 KB',
        reached: eager <= 50_000,
      },
      {
        of: '`activate()`',
        ours: ms(took),
        reference: '–',
        result: ms(took),
        target: '≤ 5 ms',
        reached: took <= 5,
      },
    ];
  },
};

export const idle: Row = {
  name: 'idle',
  what: 'Timers, watchers, and sockets of the extension while there are no jobs',
  reference: 'none',
  method:
    'An async hook in the extension host records every timer, watcher, socket, and pipe that the package’s code creates during 21 activations; the ones that are still alive afterward are counted.',
  async measure(bench) {
    const { failures } = await activated(bench);
    const failed = failures.find(({ title }) => title.includes('leaves no timer'));
    // The message of the failed test lists one resource per line.
    const alive = failed ? Math.max(1, failed.stack.match(/^\+ {3}'/gm)?.length ?? 0) : 0;
    return [
      {
        of: 'alive after activation',
        ours: count(alive),
        reference: '–',
        result: count(alive),
        target: '0',
        reached: alive === 0,
      },
    ];
  },
};
