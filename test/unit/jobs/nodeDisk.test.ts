import assert from 'node:assert/strict';
import fs, { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { nodeDisk } from '../../../src/jobs/nodeDisk.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

test("doesn't fail on a missing file", async context => {
  const folder = await temporaryFolder(context);
  const absent = join(folder, 'no', 'such');
  assert.deepEqual(await nodeDisk.list(absent), []);
  assert.equal(await nodeDisk.read(absent), undefined);
  assert.equal(await nodeDisk.size(absent), undefined);
  assert.equal(await nodeDisk.stamp(absent), undefined);
  await nodeDisk.removeFolder(absent);
  await assert.rejects(nodeDisk.create(absent, 'x', true), { code: 'ENOENT' });
  await nodeDisk.remove(absent);
  nodeDisk.watch(absent, () => {}).dispose();
});

test('lets exactly one of many create a file, and leaves nothing else', async context => {
  const folder = await temporaryFolder(context);
  const path = join(folder, 'a.json');
  const created = await Promise.all(
    Array.from({ length: 40 }, (_, index) => nodeDisk.create(path, `text ${index}`, index % 2 === 0)),
  );
  assert.equal(created.filter(Boolean).length, 1);
  assert.equal(await readFile(path, 'utf8'), `text ${created.indexOf(true)}`);
  assert.deepEqual(await readdir(folder), ['a.json']);
});

test('replaces a file atomically, readable only by its owner', async context => {
  const folder = await temporaryFolder(context);
  const path = join(folder, 'a.json');
  await nodeDisk.replace(path, 'one');
  await nodeDisk.replace(path, 'two');
  assert.equal(await nodeDisk.read(path), 'two');
  assert.deepEqual(await readdir(folder), ['a.json']);
  if (process.platform !== 'win32') assert.equal((await stat(path)).mode & 0o077, 0);
});

test('gives a result only a free name; both names refer to the same file until the partial download is removed', async context => {
  const folder = await temporaryFolder(context);
  const [part, mine, taken] = [join(folder, '.a.part'), join(folder, 'a.png'), join(folder, 'b.png')];
  await writeFile(part, 'result');
  await writeFile(taken, 'other');
  assert.equal(await nodeDisk.place(part, taken), false);
  assert.equal(await readFile(taken, 'utf8'), 'other');
  await nodeDisk.flush(part);
  assert.equal(await nodeDisk.place(part, mine), true);
  const stamp = await nodeDisk.stamp(mine);
  assert.equal(await nodeDisk.stamp(part), stamp);
  assert.notEqual(await nodeDisk.stamp(taken), stamp);
  await nodeDisk.remove(part);
  assert.equal(await nodeDisk.stamp(mine), stamp);
  assert.equal(await readFile(mine, 'utf8'), 'result');
});

test("fails in a folder that isn't writable", { skip: process.getuid?.() === 0 }, async context => {
  const folder = join(await temporaryFolder(context), 'closed');
  await mkdir(folder);
  await chmod(folder, 0o500);
  await assert.rejects(nodeDisk.create(join(folder, 'a'), 'x', true), { code: 'EACCES' });
});

test('reports new files in a watched folder', async context => {
  const folder = await temporaryFolder(context);
  const told = Promise.withResolvers<void>();
  const watch = nodeDisk.watch(folder, told.resolve);
  await nodeDisk.create(join(folder, 'a.json'), 'x', false);
  await told.promise;
  watch.dispose();
});

/** Replaces a function of `node:fs/promises` during a test. */
function patch<K extends 'link' | 'rm' | 'rename' | 'copyFile'>(
  context: TestContext,
  name: K,
  by: (original: (typeof fs)[K]) => (typeof fs)[K],
): void {
  const original = fs[name];
  fs[name] = by(original);
  syncBuiltinESMExports();
  context.after(() => {
    fs[name] = original;
    syncBuiltinESMExports();
  });
}
const failure = (code: string) => Object.assign(new Error(code), { code });

for (const code of ['EEXIST', 'EIO'])
  test(`creates and finalizes a file if the link was created even though ${code} was reported`, async context => {
    const folder = await temporaryFolder(context);
    patch(context, 'link', link => async (from, to) => {
      await link(from, to);
      throw failure(code);
    });
    assert.equal(await nodeDisk.create(join(folder, 'a.json'), 'mine', true), true);
    await writeFile(join(folder, '.a.part'), 'result');
    assert.equal(await nodeDisk.place(join(folder, '.a.part'), join(folder, 'a.png')), true);
    await writeFile(join(folder, 'taken'), 'other');
    if (code === 'EEXIST') assert.equal(await nodeDisk.create(join(folder, 'taken'), 'mine', true), false);
  });

test("creates a file even if its temporary file can't be removed", async context => {
  const folder = await temporaryFolder(context);
  patch(
    context,
    'rm',
    rm => (path, options) =>
      String(path).endsWith('.tmp') ? Promise.reject(failure('EBUSY')) : rm(path, options),
  );
  assert.equal(await nodeDisk.create(join(folder, 'a.json'), 'mine', true), true);
  assert.equal(await readFile(join(folder, 'a.json'), 'utf8'), 'mine');
});

test('creates and finalizes files on file systems without hard links', async context => {
  const folder = await temporaryFolder(context);
  patch(context, 'link', () => () => Promise.reject(failure('EPERM')));
  assert.equal(await nodeDisk.create(join(folder, 'a.json'), 'mine', true), true);
  assert.equal(await nodeDisk.create(join(folder, 'a.json'), 'again', true), false);
  await writeFile(join(folder, '.a.part'), 'result');
  assert.equal(await nodeDisk.place(join(folder, '.a.part'), join(folder, 'a.json')), false);
  assert.equal(await nodeDisk.place(join(folder, '.a.part'), join(folder, 'a.png')), true);
  assert.deepEqual(
    await Promise.all((await readdir(folder)).toSorted().map(name => readFile(join(folder, name), 'utf8'))),
    ['mine', 'result'],
  );
});

test('without hard links, never removes a file that took the place of its reservation', async context => {
  const folder = await temporaryFolder(context);
  patch(context, 'link', () => () => Promise.reject(failure('EPERM')));
  patch(context, 'rename', () => async (_from, to) => {
    await writeFile(to, 'other');
    throw failure('ENOENT');
  });
  await writeFile(join(folder, '.a.part'), 'result');
  await assert.rejects(nodeDisk.place(join(folder, '.a.part'), join(folder, 'a.png')), { code: 'ENOENT' });
  assert.equal(await readFile(join(folder, 'a.png'), 'utf8'), 'other');
});
