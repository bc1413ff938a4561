import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import * as fc from 'fast-check';
import { systemClock } from '../../../src/jobs/clock.ts';
import type { Disk } from '../../../src/jobs/disk.ts';
import { newJobId, timeId } from '../../../src/jobs/endedJobs.ts';
import { Ledger, NotMine } from '../../../src/jobs/ledger.ts';
import { transition, type JobEvent } from '../../../src/jobs/machine.ts';
import { nodeDisk } from '../../../src/jobs/nodeDisk.ts';
import { parseRecord, serializeRecord, type JobRecord } from '../../../src/jobs/record.ts';
import { temporaryName } from '../../../src/jobs/temporaryNames.ts';
import { request } from '../../support/jobDesk.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const newJob = (id = newJobId(systemClock)): JobRecord => ({
  schema: 1,
  id,
  batch: id,
  createdAt: Date.now(),
  updatedAt: Date.now(),
  phase: 'queued',
  request: request({ values: { stylePrompt: 'blue' }, clip: { start: 1, end: 2.5 } }),
  approval: 1,
  posts: 0,
  refusals: 0,
  results: [],
  revision: 0,
  writes: [],
});

const happens = (event: JobEvent) => (job: JobRecord) => transition(job, event, Date.now());

async function scene(context: TestContext) {
  const folder = await temporaryFolder(context);
  const log: string[] = [];
  const note = (message: string | Error) => void log.push(String(message));
  const open = (disk: Disk = nodeDisk) =>
    new Ledger(disk, folder, systemClock, { trace: note, info: note, warn: note, error: note });
  const files = async (name: string) => (await readdir(join(folder, name))).toSorted();
  return { folder, log, open, files };
}

test('what one window writes another reads', async context => {
  const { open, files } = await scene(context);
  const [one, two] = [open(), open()];
  const { id } = await one.add(newJob());
  await two.refresh();
  assert.deepEqual(two.get(id), one.get(id));
  await two.update(id, happens({ type: 'stopRequested' }));
  assert.equal(one.get(id)?.stopRequested, undefined);
  await one.refresh();
  assert.equal(one.get(id)?.stopRequested, true);
  assert.deepEqual(await files('open'), [`${id}.1.json`]);
});

test('changes by many windows at once are all in the end, none overwritten', async context => {
  const { open } = await scene(context);
  const ledgers = Array.from({ length: 4 }, () => open());
  const { id } = await (ledgers[0] as Ledger).add(newJob());
  await Promise.all(
    ledgers.flatMap(ledger =>
      Array.from({ length: 10 }, () => ledger.update(id, job => ({ ...job, approval: job.approval + 1 }))),
    ),
  );
  const last = open();
  await last.refresh();
  assert.equal(last.get(id)?.approval, 41);
});

test('a window far behind changes nothing of what happened since', async context => {
  const { open } = await scene(context);
  const [sleeper, awake] = [open(), open()];
  const { id } = await sleeper.add(newJob());
  await awake.refresh();
  for (let times = 0; times < 10; times++)
    await awake.update(id, job => ({ ...job, approval: job.approval + 1 }));
  await assert.rejects(
    sleeper.update(id, job => {
      if (job.approval !== 1) throw new NotMine(id);
      return { ...job, phase: 'creating' };
    }),
    NotMine,
  );
  await awake.update(id, happens({ type: 'stopped' }));
  await assert.rejects(
    sleeper.update(id, job => ({ ...job, phase: 'creating' })),
    NotMine,
  );
  const fresh = open();
  await fresh.refresh();
  assert.equal(fresh.size, 0);
  assert.equal((await fresh.ended.read(id))?.phase, 'stopped');
});

test('what ends goes out of the way, and comes back when it is gone on with', async context => {
  const { open, files } = await scene(context);
  const [one, two] = [open(), open()];
  const { id } = await one.add(newJob());
  await two.refresh();
  await one.update(id, happens({ type: 'stopped' }));
  assert.deepEqual(await files('open'), []);
  assert.deepEqual(await files('ended'), [`${id}.json`]);
  await two.refresh();
  assert.equal(two.get(id)?.phase, 'stopped');
  const outcomes = await Promise.allSettled(
    [one, two].map(each => each.reopen(id, happens({ type: 'retried' }))),
  );
  assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  assert.deepEqual(await files('open'), [`${id}.2.json`]);
  await one.refresh();
  assert.deepEqual(
    (await one.history()).map(({ phase }) => phase),
    ['queued'],
  );
});

test('a job that ends again while it is still being gone on with is not lost (found by the model)', async context => {
  const { open, folder } = await scene(context);
  const other = open();
  const { id } = await other.add(newJob());
  await other.update(id, happens({ type: 'stopped' }));
  const again = Promise.withResolvers<void>();
  const slow = open({
    ...nodeDisk,
    async remove(path) {
      if (path.startsWith(join(folder, 'ended'))) await again.promise;
      await nodeDisk.remove(path);
    },
  });
  const reopened = slow.reopen(id, happens({ type: 'retried' }));
  await other.refresh();
  while (other.get(id)?.phase !== 'queued') await other.refresh();
  await other.update(id, happens({ type: 'stopped' }));
  again.resolve();
  await reopened;
  assert.equal((await open().ended.read(id))?.approval, 2);
});

test('an ended job is changed where others may be going on with it', async context => {
  const { open, files } = await scene(context);
  const [one, two] = [open(), open()];
  const { id } = await one.add(newJob());
  await one.update(id, happens({ type: 'stopped' }));
  await one.amend(id, job => ({ ...job, projectId: 'p1' }));
  assert.equal((await two.ended.read(id))?.projectId, 'p1');
  assert.deepEqual(await files('open'), []);
  await two.reopen(id, happens({ type: 'resumed', folder: undefined }));
  // It has not ended any more: nothing is changed.
  await one.amend(id, job => ({ ...job, projectId: 'p2' }));
  await one.refresh();
  assert.equal(one.get(id)?.phase, 'waiting');
  assert.equal(one.get(id)?.projectId, 'p1');
});

test('what is put away is the end of the job, whatever a late writer has left in its place (found by the model)', async context => {
  const { open, folder, files } = await scene(context);
  const ledger = open();
  const job = await ledger.add(newJob());
  await ledger.update(job.id, happens({ type: 'stopped' }));
  const ended = (await ledger.ended.read(job.id)) as JobRecord;
  // A window that slept writes its claim under the number that is free again; another one puts the end away as well.
  const path = join(folder, 'open', `${job.id}.${ended.revision}.json`);
  await writeFile(path, serializeRecord({ ...job, revision: ended.revision }));
  await ledger.ended.take(ended, path);
  assert.equal((await ledger.ended.read(job.id))?.phase, 'stopped');
  assert.deepEqual(await files('open'), []);
});

test('files that are damaged, foreign or of a later version are no trouble', async context => {
  const { folder, log, open, files } = await scene(context);
  const writer = open();
  const { id } = await writer.add(newJob());
  const inOpen = (name: string, text: string) => writeFile(join(folder, 'open', name), text);
  await inOpen('half.0.json', '{"schema":1,"id":"ha');
  await inOpen('empty.3.json', '');
  await inOpen('wrong.0.json', '{"schema":1,"id":"wrong","phase":"dancing"}');
  await inOpen('later.7.json', '{"schema":2,"id":"later","anything":true}');
  await inOpen('.DS_Store', 'x');
  // The newest record is damaged, the one before is still there.
  await inOpen(`${id}.1.json`, '\0\0\0');
  const reader = open();
  await reader.refresh();
  assert.deepEqual(
    [...reader.open].map(job => job.id),
    [id],
  );
  assert.deepEqual(
    await files('open'),
    [
      '.DS_Store',
      'empty.3.json.damaged',
      'half.0.json.damaged',
      'later.7.json',
      `${id}.0.json`,
      `${id}.1.json.damaged`,
      'wrong.0.json.damaged',
    ].toSorted(),
  );
  assert.equal(log.filter(line => line.includes('set aside')).length, 4);
  await reader.refresh();
  assert.equal(log.filter(line => line.includes('later version')).length, 1);
});

test('10,000 ended jobs cost nothing at the start, and old ones are forgotten', async context => {
  const { folder, open, files } = await scene(context);
  const seen = new Set<string>();
  const disk: Disk = {
    ...nodeDisk,
    list: path => (seen.add(path), nodeDisk.list(path)),
    read: path => (seen.add(path), nodeDisk.read(path)),
  };
  await mkdir(join(folder, 'ended'));
  const now = Date.now();
  const write = (id: string) =>
    writeFile(
      join(folder, 'ended', `${id}.json`),
      serializeRecord({ ...newJob(id), phase: 'saved', endedAt: now }),
    );
  for (let index = 0; index < 10_000; index += 50)
    await Promise.all(Array.from({ length: 50 }, (_, at) => write(`${timeId(now - index - at)}-00000000`)));
  await write(`${timeId(now - 400 * 24 * 3_600_000)}-00000000`);
  const ledger = open(disk);
  await ledger.refresh();
  assert.deepEqual([...seen], [join(folder, 'open')]);
  await ledger.ended.prune();
  const left = await files('ended');
  assert.equal(left.length, 5_000);
  assert.equal(left.at(-1), `${timeId(now)}-00000000.json`);
});

test('temporary files that a crash left are removed, those in use are not', async context => {
  const { folder, open, files } = await scene(context);
  const ledger = open();
  await ledger.add(newJob('a'));
  const inUse = temporaryName(Date.now(), 'abc');
  for (const name of [inUse, temporaryName(Date.now() - 2 * 24 * 3_600_000, 'def')])
    await writeFile(join(folder, 'open', name), '');
  await ledger.tidy();
  assert.deepEqual(await files('open'), [inUse, 'a.0.json']);
});

test('a write that is built upon before it is confirmed counts, and is not done twice', async context => {
  const { open } = await scene(context);
  const other = open();
  const { id } = await other.add(newJob());
  let isFirst = true;
  const mine = open({
    ...nodeDisk,
    async create(path, text, durable) {
      const made = await nodeDisk.create(path, text, durable);
      if (!made || !isFirst) return made;
      isFirst = false;
      await other.update(id, happens({ type: 'stopRequested' }));
      return made;
    },
  });
  const job = await mine.update(id, latest => ({ ...latest, approval: latest.approval + 1 }));
  assert.equal(job.approval, 2);
  assert.equal(job.stopRequested, true);
  assert.equal(job.revision, 2);
});

test('a job that another window goes on with before it is confirmed counts as added', async context => {
  const { open } = await scene(context);
  const other = open();
  const mine = open({
    ...nodeDisk,
    async create(path, text, durable) {
      const made = await nodeDisk.create(path, text, durable);
      const { id } = JSON.parse(text) as JobRecord;
      for (let step = 0; step < 8; step++)
        await other.update(id, latest => ({ ...latest, approval: latest.approval + 1 }));
      return made;
    },
  });
  const { id } = await mine.add(newJob());
  assert.equal(mine.get(id)?.approval, 9);
});

test('a job whose record was made, but not confirmed, is not left to be bought', async context => {
  const { open, files } = await scene(context);
  const ledger = open({
    ...nodeDisk,
    create: async (path, text, durable) => {
      await nodeDisk.create(path, text, durable);
      throw new Error('EIO');
    },
  });
  await assert.rejects(ledger.add(newJob()), /EIO/);
  assert.deepEqual(await files('open'), []);
});

test('a job that is taken back is gone, but not one that another window goes on with', async context => {
  const { open, files } = await scene(context);
  const [mine, other] = [open(), open()];
  const [gone, taken] = [await mine.add(newJob('gone')), await mine.add(newJob('taken'))];
  await other.update(taken.id, latest => ({ ...latest, phase: 'creating', posts: 1 }));
  await mine.refresh();
  assert.equal(await mine.discard(gone), true);
  assert.equal(await mine.discard(taken), false);
  assert.deepEqual(await files('open'), ['taken.1.json']);
  assert.equal(mine.get('gone'), undefined);
  assert.equal(mine.get('taken')?.posts, 1);
});

test('of a job that a person removes nothing stays but that it has ended, and that for a month', async context => {
  const { folder, open, files } = await scene(context);
  const full: Disk = { ...nodeDisk, replace: () => Promise.reject(new Error('ENOSPC')) };
  const day = 24 * 3_600_000;
  for (const [disk, age] of [
    [nodeDisk, 10 * day],
    [full, 40 * day],
  ] as const) {
    const ledger = open(disk);
    const { id } = await ledger.add(newJob(`${timeId(Date.now() - age)}-00000000`));
    await ledger.update(id, job => ({ ...job, phase: 'stopped' }));
    await ledger.remove(id);
    assert.deepEqual(await ledger.history(), []);
    assert.equal(await ledger.ended.lastRevision(id), 1);
  }
  await open().ended.prune();
  const [left = '', ...others] = await files('ended');
  assert.deepEqual(others, []);
  assert.equal(await readFile(join(folder, 'ended', left), 'utf8'), '{"revision":1}');
});

test('a record that comes late never takes the place of the end that another window is putting away', async context => {
  const { open } = await scene(context);
  const released = {
    winner: Promise.withResolvers<void>(),
    slow: Promise.withResolvers<void>(),
    late: Promise.withResolvers<void>(),
  };
  const arrived = {
    winner: Promise.withResolvers<void>(),
    slow: Promise.withResolvers<void>(),
    late: Promise.withResolvers<void>(),
  };
  const pause = (who: keyof typeof released) => (arrived[who].resolve(), released[who].promise);
  const slowMoves = (who: 'winner' | 'slow'): Disk => ({
    ...nodeDisk,
    move: async (from, to) => (await pause(who), nodeDisk.move(from, to)),
  });
  const create: Disk['create'] = async (...file) => {
    const isCreated = await nodeDisk.create(...file);
    await pause('late');
    return isCreated;
  };
  const [winner, slow, late] = [
    open(slowMoves('winner')),
    open(slowMoves('slow')),
    open({ ...nodeDisk, create }),
  ];
  const { id } = await winner.add(newJob());
  await late.refresh();
  const ended = winner.update(id, job => ({ ...job, phase: 'failed' }));
  await arrived.winner.promise;
  const seen = slow.refresh();
  await arrived.slow.promise;
  released.winner.resolve();
  await ended;
  const written = late.update(id, job => ({ ...job, phase: 'creating', posts: 1 }));
  await arrived.late.promise;
  released.slow.resolve();
  await seen;
  released.late.resolve();
  await assert.rejects(written, NotMine);
  assert.equal((await open().ended.read(id))?.phase, 'failed');
});

test('unfinished jobs are never forgotten', async context => {
  const { open } = await scene(context);
  const ledger = open();
  const old = await ledger.add({ ...newJob(`${timeId(1)}-00000000`), createdAt: 1 });
  await ledger.ended.prune();
  const fresh = open();
  await fresh.refresh();
  assert.equal(fresh.get(old.id)?.createdAt, 1);
});

test('a record survives the way to disk and back', () => {
  const job = newJob();
  assert.deepEqual(parseRecord(serializeRecord(job)), { kind: 'job', job });
});

test('100,000 mutated and random records are read without an exception', () => {
  const text = serializeRecord({
    ...newJob(),
    failure: { message: { key: 'error.unexpected' }, resumable: true },
  });
  const values = fc.oneof(fc.jsonValue(), fc.constant(undefined));
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(40), fc.string({ maxLength: 12 }), (at, length, instead) => {
      const { kind } = parseRecord(text.slice(0, at) + instead + text.slice(at + length));
      assert.ok(kind === 'job' || kind === 'damaged' || kind === 'newer');
    }),
    { numRuns: 50_000 },
  );
  const keys = Object.keys(JSON.parse(text) as object);
  fc.assert(
    fc.property(fc.constantFrom(...keys), values, (key, value) => {
      parseRecord(JSON.stringify({ ...(JSON.parse(text) as object), [key]: value }));
    }),
    { numRuns: 50_000 },
  );
});
