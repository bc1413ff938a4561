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
 * Runs the editor layer's tests of activation in a real extension host, once for both rows. They activate the extension
 * again and again, and watch for timers, watchers and sockets made by our code.
 */
function activated(bench: Bench): Promise<EditorResults> {
  return (inHost ??= (async () => {
    await bench.packaged();
    const file = join(results, 'editor.json');
    await rm(file, { force: true });
    const script = join(root, 'test', 'host', 'run-editor-tests.ts');
    const env = { ...process.env, MAGIC_HOUR_GREP: '^Activation' };
    // A test that fails is a figure that is not reached.
    const { stdout } = await run(process.execPath, [script], { cwd: root, env }).catch(
      (error: { stdout: string }) => error,
    );
    const read = await readFile(file, 'utf8').catch(() => {
      throw new Error(`The extension host did not report:\n${stdout}`);
    });
    return JSON.parse(read) as EditorResults;
  })());
}

export const activation: Row = {
  name: 'activation',
  what: 'What is loaded at activation, and how long it takes',
  reference: 'peers of its kind, which load 5 to 516 KB',
  method:
    'The code is what the package’s entry imports statically, minified. The time is that of `activate()` in a real extension host, the median of 21 activations one after the other. That nothing is asked of the network, and of the disk nothing but the list of unfinished jobs, is tested there too.',
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
        atLeast: '≤ 50 KB',
        reached: eager <= 50_000,
      },
      {
        of: '`activate()`',
        ours: ms(took),
        reference: '–',
        result: ms(took),
        atLeast: '≤ 5 ms',
        reached: took <= 5,
      },
    ];
  },
};

export const idle: Row = {
  name: 'idle',
  what: 'Timers, watchers and sockets of ours while there are no jobs',
  reference: 'none',
  method:
    'An asynchronous hook in the extension host sees every timer, watcher, socket and pipe that code of the package makes during 21 activations and until the host has answered a call of ours; those that still live are counted.',
  async measure(bench) {
    const { failures } = await activated(bench);
    const failed = failures.find(({ title }) => title.includes('leaves no timer'));
    // The test's message lists them, one per line.
    const alive = failed ? Math.max(1, failed.stack.match(/^\+ {3}'/gm)?.length ?? 0) : 0;
    return [
      {
        of: 'alive after activation',
        ours: count(alive),
        reference: '–',
        result: count(alive),
        atLeast: '0',
        reached: alive === 0,
      },
    ];
  },
};
