import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { nodeDisk } from '../../../src/jobs/nodeDisk.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

test('what is absent is no error', async context => {
  const folder = await temporaryFolder(context);
  const absent = join(folder, 'no', 'such');
  assert.deepEqual(await nodeDisk.list(absent), []);
  assert.equal(await nodeDisk.read(absent), undefined);
  assert.equal(await nodeDisk.size(absent), undefined);
  assert.equal(await nodeDisk.stamp(absent), undefined);
  assert.equal(await nodeDisk.move(absent, join(folder, 'x')), false);
  await nodeDisk.remove(absent);
  nodeDisk.watch(absent, () => {}).dispose();
});

test('of many who create one file exactly one succeeds, and nothing else is left', async context => {
  const folder = await temporaryFolder(context);
  const path = join(folder, 'a.json');
  const made = await Promise.all(
    Array.from({ length: 40 }, (_, index) => nodeDisk.create(path, `text ${index}`, index % 2 === 0)),
  );
  assert.equal(made.filter(Boolean).length, 1);
  assert.equal(await readFile(path, 'utf8'), `text ${made.indexOf(true)}`);
  assert.deepEqual(await readdir(folder), ['a.json']);
});

test('a file is replaced whole, and readable for nobody else', async context => {
  const folder = await temporaryFolder(context);
  const path = join(folder, 'a.json');
  await nodeDisk.replace(path, 'one');
  await nodeDisk.replace(path, 'two');
  assert.equal(await nodeDisk.read(path), 'two');
  assert.deepEqual(await readdir(folder), ['a.json']);
  if (process.platform !== 'win32') assert.equal((await stat(path)).mode & 0o077, 0);
});

test('a result gets a free name only, and both names are one file until the part goes', async context => {
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

test('a folder that cannot be written is an error', { skip: process.getuid?.() === 0 }, async context => {
  const folder = join(await temporaryFolder(context), 'closed');
  await mkdir(folder);
  await chmod(folder, 0o500);
  await assert.rejects(nodeDisk.create(join(folder, 'a'), 'x', true), { code: 'EACCES' });
});

test('a watch tells of new files', async context => {
  const folder = await temporaryFolder(context);
  const told = Promise.withResolvers<string | undefined>();
  const watch = nodeDisk.watch(folder, name => name === 'a.json' && told.resolve(name));
  await nodeDisk.create(join(folder, 'a.json'), 'x', false);
  assert.equal(await told.promise, 'a.json');
  watch.dispose();
});
