import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { nodeDisk } from '../../../src/jobs/nodeDisk.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const originals = { ...fs };

/** Replaces functions of `node:fs/promises` everywhere. */
function patch(functions: Partial<typeof fs>): void {
  Object.assign(fs, functions);
  syncBuiltinESMExports();
}

afterEach(() => patch(originals));

const failure = (code: string): Error => Object.assign(new Error(code), { code });

/** Succeeds, but reports a failure. */
const failingAfter =
  <A extends unknown[]>(work: (...args: A) => Promise<unknown>, code: string) =>
  async (...args: A): Promise<never> => {
    await work(...args);
    throw failure(code);
  };

const noHardLinks = (): void => patch({ link: () => Promise.reject(failure('EPERM')) });
const visible = async (folder: string): Promise<string[]> =>
  (await fs.readdir(folder)).filter(name => !name.startsWith('.')).toSorted();

for (const code of ['EEXIST', 'EIO', 'ETIMEDOUT'])
  test(`creates a file once when the link succeeds but reports ${code}`, async t => {
    const folder = await temporaryFolder(t);
    patch({ link: failingAfter(originals.link, code) });
    assert.equal(await nodeDisk.create(join(folder, 'a.json'), 'mine', true), true);
    assert.equal(await fs.readFile(join(folder, 'a.json'), 'utf8'), 'mine');
    assert.deepEqual(await fs.readdir(folder), ['a.json']);
  });

test('gives a result its name once when the link succeeds but reports EEXIST', async t => {
  const folder = await temporaryFolder(t);
  await fs.writeFile(join(folder, '.a.part'), 'result');
  patch({ link: failingAfter(originals.link, 'EEXIST') });
  assert.equal(await nodeDisk.place(join(folder, '.a.part'), join(folder, 'a.png')), true);
  assert.deepEqual(await visible(folder), ['a.png']);
});

test('respects a name that is taken', async t => {
  const folder = await temporaryFolder(t);
  await fs.writeFile(join(folder, '.a.part'), 'result');
  await fs.writeFile(join(folder, 'a.png'), 'result');
  assert.equal(await nodeDisk.place(join(folder, '.a.part'), join(folder, 'a.png')), false);
  assert.equal(await nodeDisk.create(join(folder, 'a.png'), 'result', true), false);
});

for (const code of ['EBUSY', 'EPERM'])
  test(`creates a file even if the temporary one can't be removed (${code})`, async t => {
    const folder = await temporaryFolder(t);
    patch({ rm: () => Promise.reject(failure(code)), unlink: () => Promise.reject(failure(code)) });
    assert.equal(await nodeDisk.create(join(folder, 'a.json'), 'mine', true), true);
    assert.equal(await nodeDisk.create(join(folder, 'a.json'), 'other', true), false);
    assert.equal(await fs.readFile(join(folder, 'a.json'), 'utf8'), 'mine');
  });

test("creates a file even if its folder can't be flushed", async t => {
  const folder = await temporaryFolder(t);
  const { open } = originals;
  patch({
    open: (path, ...rest) => (path === folder ? Promise.reject(failure('EMFILE')) : open(path, ...rest)),
  });
  assert.equal(await nodeDisk.create(join(folder, 'a.json'), 'mine', true), true);
});

test('without hard links: creates a file once, with its full content', async t => {
  const folder = await temporaryFolder(t);
  noHardLinks();
  const path = join(folder, 'a.json');
  const created = await Promise.all(
    Array.from({ length: 20 }, (_, index) => nodeDisk.create(path, `text ${index}`, index % 2 === 0)),
  );
  assert.equal(created.filter(Boolean).length, 1);
  assert.equal(await fs.readFile(path, 'utf8'), `text ${created.indexOf(true)}`);
  assert.deepEqual(await fs.readdir(folder), ['a.json']);
});

test('without hard links: overwrites nothing', async t => {
  const folder = await temporaryFolder(t);
  noHardLinks();
  await fs.writeFile(join(folder, '.a.part'), 'result');
  await fs.writeFile(join(folder, 'a.png'), "the user's");
  assert.equal(await nodeDisk.place(join(folder, '.a.part'), join(folder, 'a.png')), false);
  assert.equal(await nodeDisk.place(join(folder, '.a.part'), join(folder, 'b.png')), true);
  assert.equal(await fs.readFile(join(folder, 'a.png'), 'utf8'), "the user's");
  assert.equal(await fs.readFile(join(folder, 'b.png'), 'utf8'), 'result');
});

test("without hard links: frees the name of a result that can't be moved", async t => {
  const folder = await temporaryFolder(t);
  patch({
    link: () => Promise.reject(failure('EPERM')),
    rename: () => Promise.reject(failure('EIO')),
  });
  await fs.writeFile(join(folder, '.a.part'), 'result');
  await assert.rejects(nodeDisk.place(join(folder, '.a.part'), join(folder, 'a.png')), { code: 'EIO' });
  assert.deepEqual(await visible(folder), []);
  assert.equal(await fs.readFile(join(folder, '.a.part'), 'utf8'), 'result');
});
