import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { reservationFor, type Disk } from '../../../src/jobs/disk.ts';
import { nodeDisk } from '../../../src/jobs/nodeDisk.ts';
import type { RemoteFiles } from '../../../src/jobs/ports.ts';
import { partialName, removePartials, resultWriter } from '../../../src/jobs/resultWriter.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const noRemote: RemoteFiles = {
  stat: () => Promise.reject(new Error('not remote')),
  copyToDisk: () => Promise.reject(new Error('not remote')),
  copyFromDisk: () => Promise.reject(new Error('not remote')),
  reaches: () => false,
};

test("saves a result under a free name, in a folder that's created if needed", async context => {
  const folder = join(await temporaryFolder(context), 'new folder', 'ä #%');
  const writer = resultWriter(pathToFileURL(folder).href, '/none', nodeDisk, noRemote);
  await nodeDisk.makeFolder(writer.partials);
  const part = join(writer.partials, partialName('job', 0, 'claim'));
  await writeFile(part, 'result');
  await writeFile(join(folder, 'Anna.png'), 'mine');
  const announced: string[] = [];
  const uri = await writer.finalize(
    part,
    { stem: 'anna', extension: 'png' },
    async name => void announced.push(name),
  );
  assert.equal(uri, pathToFileURL(join(folder, 'anna-2.png')).href);
  assert.deepEqual(announced, [uri]);
  assert.equal(await readFile(join(folder, 'anna-2.png'), 'utf8'), 'result');
  assert.equal(await readFile(join(folder, 'Anna.png'), 'utf8'), 'mine');
  await removePartials(writer.partials, 'job', nodeDisk);
  assert.deepEqual((await readdir(folder)).toSorted(), ['Anna.png', 'anna-2.png']);
});

test('picks another name when one is taken at the last moment', async context => {
  const folder = await temporaryFolder(context);
  const writer = resultWriter(pathToFileURL(folder).href, '/none', nodeDisk, noRemote);
  const part = join(writer.partials, partialName('job', 0, 'claim'));
  await writeFile(part, 'result');
  const uri = await writer.finalize(part, { stem: 'a', extension: 'png' }, async name => {
    if (name.endsWith('/a.png')) await writeFile(join(folder, 'a.png'), 'faster');
  });
  assert.ok(uri.endsWith('/a-2.png'));
  assert.equal(await readFile(join(folder, 'a.png'), 'utf8'), 'faster');
});

test('recognizes after a crash whether the result got its name', async context => {
  const folder = await temporaryFolder(context);
  const [part, final] = [join(folder, partialName('job', 0, 'old')), join(folder, 'a.png')];
  await writeFile(part, 'result');
  const stamp = (await nodeDisk.stamp(part)) ?? '';
  const finalizing = { index: 0, uri: pathToFileURL(final).href, bytes: 6, stamp };
  const writer = resultWriter(pathToFileURL(folder).href, '/none', nodeDisk, noRemote);
  const isFinal = () => writer.wasFinalized('job', finalizing, '');

  assert.equal(await isFinal(), false, 'before it got its name');
  await writeFile(final, 'others');
  assert.equal(await isFinal(), false, 'another file took the name, with as many bytes');
  await rm(final);
  await nodeDisk.place(part, final);
  assert.equal(await isFinal(), true, 'after it got its name');
  await removePartials(folder, 'job', nodeDisk, 'new');
  assert.equal(await isFinal(), true, 'after partial downloads were removed');
  assert.deepEqual(await readdir(folder), ['a.png']);
  await assert.rejects(nodeDisk.place(part, join(folder, 'b.png')), { code: 'ENOENT' });
});

test('leaves partial downloads of other jobs and of this claim alone', async context => {
  const folder = await temporaryFolder(context);
  const names = [
    partialName('other', 0, 'a'),
    partialName('job', 0, 'mine'),
    '.job-0-x.partial',
    'job-0-x.part',
  ];
  for (const name of [...names, partialName('job', 0, 'dead'), partialName('job', 2, 'dead')])
    await writeFile(join(folder, name), 'x');
  await removePartials(folder, 'job', nodeDisk, 'mine');
  assert.deepEqual((await readdir(folder)).toSorted(), names.toSorted());
});

test('copies to a folder that only the editor can access, under a free name', async context => {
  const partials = await temporaryFolder(context);
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
  const writer = resultWriter('memfs:/out/', partials, nodeDisk, remote);
  await nodeDisk.makeFolder(writer.partials);
  const part = join(writer.partials, partialName('job', 1, 'claim'));
  await writeFile(part, 'result');
  const uri = await writer.finalize(part, { stem: 'a', extension: 'png' }, () => Promise.resolve());
  assert.equal(uri, 'memfs:/out/a-2.png');
  assert.equal(files.get(uri), 'result');
  assert.equal(await writer.wasFinalized('job', { index: 1, uri, bytes: 6 }, part), true);
});

test('removes a name reserved before a crash, but no user file, not even an empty one', async context => {
  const folder = await temporaryFolder(context);
  const writer = resultWriter(pathToFileURL(folder).href, '/none', nodeDisk, noRemote);
  const path = join(folder, 'a.png');
  const finalizing = { index: 0, uri: pathToFileURL(path).href, bytes: 6, stamp: '1-2-6' };
  await writeFile(path, reservationFor(partialName('job', 0, 'old')));
  assert.equal(await writer.wasFinalized('job', finalizing, ''), false);
  assert.deepEqual(await readdir(folder), []);
  for (const mine of ['', 'result', 'x'.repeat(1_000)]) {
    await writeFile(path, mine);
    assert.equal(await writer.wasFinalized('job', finalizing, ''), false);
    assert.equal(await readFile(path, 'utf8'), mine);
  }
});

test('leaves a name alone that another job is reserving', async context => {
  const folder = await temporaryFolder(context);
  const writer = resultWriter(pathToFileURL(folder).href, '/none', nodeDisk, noRemote);
  const path = join(folder, 'a.png');
  const reservation = reservationFor(partialName('other', 0, 'claim'));
  await writeFile(join(folder, partialName('other', 0, 'claim')), 'result');
  await writeFile(path, reservation);
  const finalizing = { index: 0, uri: pathToFileURL(path).href, bytes: 6, stamp: '1-2-6' };
  const scratch = join(folder, partialName('job', 0, 'new'));
  assert.equal(await writer.wasFinalized('job', finalizing, scratch), false);
  assert.equal(await readFile(path, 'utf8'), reservation);
  // The job's own reservation is removed even if its partial download still exists.
  await writeFile(scratch, 'result');
  await writeFile(path, reservationFor(partialName('job', 0, 'new')));
  assert.equal(await writer.wasFinalized('job', finalizing, scratch), false);
  assert.equal(await nodeDisk.size(path), undefined);
});

test("doesn't consider a result saved when its partial download disappeared", async context => {
  const folder = await temporaryFolder(context);
  const writer = resultWriter(pathToFileURL(folder).href, '/none', nodeDisk, noRemote);
  const path = join(folder, 'a.png');
  assert.equal(
    await writer.wasFinalized('job', { index: 0, uri: pathToFileURL(path).href, bytes: 6 }, ''),
    false,
  );
  const unseen: Disk = { ...nodeDisk, flush: () => Promise.resolve() };
  const gone = resultWriter(pathToFileURL(folder).href, '/none', unseen, noRemote);
  const announced: string[] = [];
  const finalized = gone.finalize(join(folder, '.a.part'), { stem: 'a', extension: 'png' }, uri => {
    announced.push(uri);
    return Promise.resolve();
  });
  await assert.rejects(finalized);
  assert.deepEqual(announced, []);
});
