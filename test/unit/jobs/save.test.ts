import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { nodeDisk } from '../../../src/jobs/nodeDisk.ts';
import type { RemoteFiles } from '../../../src/jobs/ports.ts';
import { partName, removeOldParts, removeParts, wasPlaced } from '../../../src/jobs/parts.ts';
import { shelfFor } from '../../../src/jobs/save.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const noRemote: RemoteFiles = {
  stat: () => Promise.reject(new Error('not remote')),
  copyToDisk: () => Promise.reject(new Error('not remote')),
  copyFromDisk: () => Promise.reject(new Error('not remote')),
  reaches: () => false,
};

test('a result is placed under a free name in a folder that is made when it is missing', async context => {
  const folder = join(await temporaryFolder(context), 'new folder', 'ä #%');
  const shelf = shelfFor(pathToFileURL(folder).href, '/none', nodeDisk, noRemote);
  await shelf.prepare();
  const part = join(shelf.parts, partName('job', 0, 'claim'));
  await writeFile(part, 'result');
  await writeFile(join(folder, 'Anna.png'), 'mine');
  const announced: string[] = [];
  const uri = await shelf.place(
    part,
    { stem: 'anna', extension: 'png' },
    async name => void announced.push(name),
  );
  assert.equal(uri, pathToFileURL(join(folder, 'anna-2.png')).href);
  assert.deepEqual(announced, [uri]);
  assert.equal(await readFile(join(folder, 'anna-2.png'), 'utf8'), 'result');
  assert.equal(await readFile(join(folder, 'Anna.png'), 'utf8'), 'mine');
  await removeParts(shelf.parts, 'job', nodeDisk);
  assert.deepEqual((await readdir(folder)).toSorted(), ['Anna.png', 'anna-2.png']);
});

test('a name that is taken at the last moment is left to its owner', async context => {
  const folder = await temporaryFolder(context);
  const shelf = shelfFor(pathToFileURL(folder).href, '/none', nodeDisk, noRemote);
  const part = join(shelf.parts, partName('job', 0, 'claim'));
  await writeFile(part, 'result');
  const uri = await shelf.place(part, { stem: 'a', extension: 'png' }, async name => {
    if (name.endsWith('/a.png')) await writeFile(join(folder, 'a.png'), 'faster');
  });
  assert.ok(uri.endsWith('/a-2.png'));
  assert.equal(await readFile(join(folder, 'a.png'), 'utf8'), 'faster');
});

test('after a crash the disk tells whether the name had been given', async context => {
  const folder = await temporaryFolder(context);
  const [part, final] = [join(folder, partName('job', 0, 'old')), join(folder, 'a.png')];
  await writeFile(part, 'result');
  const stamp = (await nodeDisk.stamp(part)) ?? '';
  const placing = { index: 0, uri: pathToFileURL(final).href, bytes: 6, stamp };
  const placed = () => wasPlaced(placing, nodeDisk, noRemote);

  assert.equal(await placed(), false, 'before the name was given');
  await writeFile(final, 'others');
  assert.equal(await placed(), false, 'somebody else took the name, with as many bytes');
  await rm(final);
  await nodeDisk.place(part, final);
  assert.equal(await placed(), true, 'after the name was given');
  await removeOldParts(folder, 'job', 'new', nodeDisk);
  assert.equal(await placed(), true, 'after tidying up');
  assert.deepEqual(await readdir(folder), ['a.png']);
  await assert.rejects(nodeDisk.place(part, join(folder, 'b.png')), { code: 'ENOENT' });
});

test('parts of other jobs and of this claim are left alone', async context => {
  const folder = await temporaryFolder(context);
  const names = [partName('other', 0, 'a'), partName('job', 0, 'mine'), '.job-0-x.partial', 'job-0-x.part'];
  for (const name of [...names, partName('job', 0, 'dead'), partName('job', 2, 'dead')])
    await writeFile(join(folder, name), 'x');
  await removeOldParts(folder, 'job', 'mine', nodeDisk);
  assert.deepEqual((await readdir(folder)).toSorted(), names.toSorted());
});

test('a folder that only the editor reaches gets a copy under a free name', async context => {
  const parts = await temporaryFolder(context);
  const files = new Map([['memfs:/out/a.png', 'mine']]);
  const remote: RemoteFiles = {
    ...noRemote,
    stat: async uri => (files.has(uri) ? { bytes: files.get(uri)?.length ?? 0, modified: 0 } : undefined),
    copyFromDisk: async (path, uri) => {
      if (files.has(uri)) return false;
      files.set(uri, await readFile(path, 'utf8'));
      return true;
    },
  };
  const shelf = shelfFor('memfs:/out/', parts, nodeDisk, remote);
  await shelf.prepare();
  const part = join(shelf.parts, partName('job', 1, 'claim'));
  await writeFile(part, 'result');
  const uri = await shelf.place(part, { stem: 'a', extension: 'png' }, () => Promise.resolve());
  assert.equal(uri, 'memfs:/out/a-2.png');
  assert.equal(files.get(uri), 'result');
  assert.equal(await wasPlaced({ index: 1, uri, bytes: 6 }, nodeDisk, remote), true);
});
