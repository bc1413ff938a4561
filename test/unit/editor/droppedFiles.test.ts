import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import '../support/vscode.ts';

const { DroppedFiles, sweepLeftovers } = await import('../../../src/editor/form/droppedFiles.ts');

const bytes = new TextEncoder().encode('image');
const longAgo = 31 * 24 * 3600;
const age = async (path: string) => {
  const then = Date.now() / 1000 - longAgo;
  await utimes(path, then, then);
};

suite('files dropped from outside VS Code', () => {
  test('keep their name and bytes', async context => {
    const uri = await new DroppedFiles(await temporaryFolder(context)).add('Änne 1.png', bytes);
    assert.equal(basename(uri.fsPath), 'Änne 1.png');
    assert.deepEqual(new Uint8Array(await readFile(uri.fsPath)), bytes);
  });

  for (const [name, expected] of [
    ['漢'.repeat(200) + '.jpeg', /^漢{45}\.jpeg$/],
    ['x'.repeat(300) + '.png', /^x{138}\.png$/],
    ['x'.repeat(300), /^x{142}$/],
    ['../../evil.png', /^evil\.png$/],
    ['C:\\Users\\a\\b.png', /^b\.png$/],
    ['..', /^file$/],
    ['a.png?', /^a\.png_$/],
    ['CON.png', /^_CON\.png$/],
  ] as const)
    test(`get a name that every file system accepts (${name.slice(0, 20)})`, async context => {
      const uri = await new DroppedFiles(await temporaryFolder(context)).add(name, bytes);
      assert.match(basename(uri.fsPath), expected);
      assert.ok(Buffer.byteLength(basename(uri.fsPath)) <= 143);
    });

  test('are recognized as our own copies', async context => {
    const folder = await temporaryFolder(context);
    const dropped = new DroppedFiles(join(folder, 'dropped'));
    assert.equal(dropped.has((await dropped.add('a.png', bytes)).toString()), true);
    assert.equal(dropped.has(`file://${folder}/dropped-too/a.png`), false);
    assert.equal(dropped.has('vscode-vfs://github/a.png'), false);
  });

  test('are removed when nothing needs them', async context => {
    const folder = await temporaryFolder(context);
    const dropped = new DroppedFiles(folder);
    const gone = await dropped.add('a.png', bytes);
    const kept = await dropped.add('b.png', bytes);
    await dropped.remove([gone.toString(), 'file:///w/own.png']);
    assert.deepEqual(await readdir(folder), [basename(dirname(kept.fsPath))]);
  });

  test("don't include what a path with “..” leads to", async context => {
    const folder = await temporaryFolder(context);
    const dropped = new DroppedFiles(join(folder, 'dropped'));
    const kept = await dropped.add('a.png', bytes);
    for (const path of ['../jobs/1.json', './a.png', '/a.png', '..'])
      await dropped.remove([`file://${folder}/dropped/${path}`]);
    assert.deepEqual(new Uint8Array(await readFile(kept.fsPath)), bytes);
  });

  test('are swept a month after a crash, unless an unfinished job or a form needs them', async context => {
    const folder = await temporaryFolder(context);
    const dropped = new DroppedFiles(folder);
    const [lost, ofJob, ofForm, recent] = await Promise.all(
      ['a', 'b', 'c', 'd'].map(name => dropped.add(`${name}.png`, bytes)),
    );
    assert.ok(lost && ofJob && ofForm && recent);
    for (const { fsPath } of [lost, ofJob, ofForm]) await age(dirname(fsPath));
    await dropped.touch([ofForm.toString()]);
    await dropped.sweep([ofJob.toString()]);
    assert.deepEqual(
      (await readdir(folder)).toSorted(),
      [ofJob, ofForm, recent].map(({ fsPath }) => basename(dirname(fsPath))).toSorted(),
    );
  });
});

test('copies made for a form are swept after its window crashed', async context => {
  const folder = await temporaryFolder(context);
  await mkdir(join(folder, 'old'));
  await mkdir(join(folder, 'recent'));
  await age(join(folder, 'old'));
  await sweepLeftovers(folder);
  assert.deepEqual(await readdir(folder), ['recent']);
  await sweepLeftovers(join(folder, 'missing'));
});
