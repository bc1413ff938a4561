import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, suite, test, type TestContext } from 'node:test';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { remote } from '../support/vscode.ts';

const { workspaceFiles } = await import('../../../src/editor/workspaceFiles.ts');

const text = (path: string) => new TextDecoder().decode(remote.files.get(path));

async function downloaded(context: TestContext, content: string): Promise<string> {
  const path = join(await temporaryFolder(context), content);
  await writeFile(path, content);
  return path;
}

suite('saving in a virtual folder', () => {
  beforeEach(() => remote.clear());

  test('gives the file its name and leaves nothing else', async context => {
    assert.equal(
      await workspaceFiles.copyFromDisk(await downloaded(context, 'one'), 'memfs:/w/anna.png'),
      true,
    );
    assert.equal(text('/w/anna.png'), 'one');
    assert.deepEqual([...remote.files.keys()], ['/w/anna.png']);
  });

  test("doesn't overwrite results of this window's other jobs", async context => {
    const contents = ['one', 'two', 'three', 'four'];
    const paths = await Promise.all(contents.map(content => downloaded(context, content)));
    const saved = await Promise.all(
      paths.map(path => workspaceFiles.copyFromDisk(path, 'memfs:/w/anna.png')),
    );
    assert.equal(saved.filter(Boolean).length, 1);
    assert.deepEqual([...remote.files.keys()], ['/w/anna.png']);
    assert.equal(text('/w/anna.png'), contents[saved.indexOf(true)]);
  });

  for (const operation of ['stat', 'writeFile', 'rename'])
    test(`keeps a file that the user creates in the meantime (during ${operation})`, async context => {
      remote.interfere = current => {
        if (current === operation) remote.files.set('/w/anna.png', new TextEncoder().encode('mine'));
      };
      assert.equal(
        await workspaceFiles.copyFromDisk(await downloaded(context, 'one'), 'memfs:/w/anna.png'),
        false,
      );
      assert.deepEqual([...remote.files.keys()], ['/w/anna.png']);
      assert.equal(text('/w/anna.png'), 'mine');
    });

  test('leaves no part of the file under its name when writing fails', async context => {
    remote.interfere = operation => {
      if (operation === 'writeFile') throw new Error('connection lost');
    };
    await assert.rejects(
      async () => workspaceFiles.copyFromDisk(await downloaded(context, 'one'), 'memfs:/w/anna.png'),
      /connection lost/,
    );
    assert.deepEqual([...remote.files.keys()], []);
  });

  test("succeeds even if the temporary file can't be removed", async context => {
    remote.files.set('/w/anna.png', new TextEncoder().encode('mine'));
    remote.interfere = operation => {
      if (operation === 'delete') throw new Error('busy');
      if (operation === 'stat') remote.files.delete('/w/anna.png');
      if (operation === 'writeFile') remote.files.set('/w/anna.png', new TextEncoder().encode('mine'));
    };
    assert.equal(
      await workspaceFiles.copyFromDisk(await downloaded(context, 'one'), 'memfs:/w/anna.png'),
      false,
    );
    assert.equal(text('/w/anna.png'), 'mine');
  });

  test('continues in a folder after a write that failed', async context => {
    remote.interfere = operation => {
      if (operation === 'writeFile') throw new Error('connection lost');
    };
    await workspaceFiles
      .copyFromDisk(await downloaded(context, 'one'), 'memfs:/w/a.png')
      .catch(() => undefined);
    remote.interfere = undefined;
    assert.equal(await workspaceFiles.copyFromDisk(await downloaded(context, 'two'), 'memfs:/w/b.png'), true);
  });
});
