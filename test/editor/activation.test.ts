import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { testAccess } from '../../src/editor/testAccess.ts';
import { activateAgain, activated, ours } from './support/extension.ts';
import { notes } from './support/notes.ts';
import { watchResources } from './support/resources.ts';

const dispatchers = () =>
  [1, 2].map(slot => (globalThis as Record<symbol, unknown>)[Symbol.for(`undici.globalDispatcher.${slot}`)]);

describe('Activation', () => {
  it('registers every command of the manifest', async () => {
    await activated();
    const contributed: { command: string }[] = ours().packageJSON.contributes.commands;
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      contributed.map(({ command }) => command).filter(command => !registered.has(command)),
      [],
    );
  });

  it('loads only placeholders', async () => {
    const { app, context } = await activated();
    assert.equal(app.running, undefined, 'the app proper has been started');
    const loaded = await staticImports(
      vscode.Uri.joinPath(context.extensionUri, 'dist', 'extension.js').fsPath,
    );
    const bytes = loaded.reduce((total, text) => total + text.length, 0);
    assert.ok(bytes < 10_000, `${bytes} bytes are loaded at activation`);
  });

  it('leaves no timer, watcher or socket behind', async () => {
    await activated();
    const before = dispatchers();
    const watch = watchResources();
    // The benchmarks report these times.
    const times: number[] = [];
    for (let run = 0; run < 21; run++) times.push(await activateAgain());
    const median = times.toSorted((a, b) => a - b)[10] ?? NaN;
    notes.push(`activate(): ${median.toFixed(2)} ms (median of ${times.length})`);
    // After a round trip to the main thread, everything that activation started is done.
    await vscode.commands.getCommands(true);
    const alive = watch.alive();
    watch.stop();
    assert.deepEqual(alive, []);
    assert.deepEqual(dispatchers(), before);
  });

  it('exports nothing to other extensions', async () => {
    const { app, context } = await activated();
    const { Production, Development, Test } = vscode.ExtensionMode;
    const inMode = (extensionMode: vscode.ExtensionMode) =>
      testAccess(Object.create(context, { extensionMode: { value: extensionMode } }), app);
    assert.equal(inMode(Production), undefined);
    assert.equal(inMode(Development), undefined);
    assert.ok(inMode(Test));
  });
});

/** The source of a bundled module and of everything it imports statically. */
async function staticImports(file: string, seen = new Set<string>()): Promise<string[]> {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = await readFile(file, 'utf8');
  const texts = [text];
  for (const [, path] of text.matchAll(/\b(?:from|import)\s*"(\.[^"]+)"/g)) {
    texts.push(...(await staticImports(new URL(path ?? '', `file://${file}`).pathname, seen)));
  }
  return texts;
}
