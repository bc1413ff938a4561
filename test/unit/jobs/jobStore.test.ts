import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import * as fc from 'fast-check';
import { systemClock } from '../../../src/jobs/clock.ts';
import type { Disk } from '../../../src/jobs/disk.ts';
import { isRemoved, newJobId, randomMark, timeId, type JobRecord } from '../../../src/jobs/job.ts';
import { JobStore, LostOwnershipError, type NewJob } from '../../../src/jobs/jobStore.ts';
import { nodeDisk } from '../../../src/jobs/nodeDisk.ts';
import { parseRecord, serializeRecord } from '../../../src/jobs/record.ts';
import { transition, type JobEvent } from '../../../src/jobs/transitions.ts';
import { request } from '../../support/jobWindow.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const day = 24 * 3_600_000;
const now = () => Date.now();

const newJob = (id = newJobId(systemClock), owner?: NewJob['owner']): NewJob => ({
  id,
  batch: id,
  createdAt: now(),
  updatedAt: now(),
  phase: 'queued',
  request: request({ values: { stylePrompt: 'blue' }, clip: { start: 1, end: 2.5 } }),
  approval: 1,
  posts: 0,
  refusals: 0,
  results: [],
  ...(owner && { owner }),
});
const asRecord = (job: NewJob): JobRecord => ({ ...job, revision: 0, writes: ['mark'] });

const happens = (event: JobEvent) => (job: JobRecord) => transition(job, event, now());
const approved = (job: JobRecord) => ({ ...job, approval: job.approval + 1 });

interface OpenOptions {
  readonly disk?: Disk;
  readonly window?: string;
  readonly now?: () => number;
}

async function scene(context: TestContext) {
  const folder = await temporaryFolder(context);
  const log: string[] = [];
  const restored: number[] = [];
  const note = (message: string | Error) => void log.push(String(message));
  const open = ({ disk = nodeDisk, window = 'window', now: time = now }: OpenOptions = {}) =>
    new JobStore({
      disk,
      folder,
      window,
      clock: { ...systemClock, now: time },
      log: { trace: note, info: note, warn: note, error: note },
      isAlive: () => Promise.resolve(false),
      onRestored: () => restored.push(1),
    });
  const files = async (...path: string[]) =>
    (await readdir(join(folder, ...path)).catch((): string[] => [])).toSorted();
  return { folder, log, restored, open, files };
}

async function added(store: JobStore, job = newJob()): Promise<JobRecord> {
  await store.add([job], Promise.resolve()).written;
  return store.get(job.id) as JobRecord;
}

test('keeps a job that is added while its ID is looked up', async context => {
  const { open } = await scene(context);
  const [isListed, wasAdded] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const list: Disk['list'] = async path => {
    const names = await nodeDisk.list(path);
    isListed.resolve();
    await wasAdded.promise;
    return names;
  };
  const store = open({ disk: { ...nodeDisk, list } });
  const job = newJob();
  const found = store.find(job.id);
  await isListed.promise;
  const { written } = store.add([job], Promise.resolve());
  wasAdded.resolve();
  await found;
  assert.ok(store.get(job.id));
  await written;
});

test('reads what another window writes', async context => {
  const { open, files } = await scene(context);
  const [one, two] = [open(), open()];
  const { id } = await added(one);
  await two.refresh();
  assert.deepEqual(two.get(id), one.get(id));
  await two.update(id, happens({ type: 'stopRequested' }));
  assert.equal(one.get(id)?.stopRequested, undefined);
  await one.refresh();
  assert.equal(one.get(id)?.stopRequested, true);
  assert.deepEqual(await files('records', id), ['1.json']);
});

test('keeps every change when many windows write at once', async context => {
  const { open } = await scene(context);
  const stores = Array.from({ length: 4 }, () => open());
  const { id } = await added(stores[0] as JobStore);
  await Promise.all(stores.flatMap(store => Array.from({ length: 10 }, () => store.update(id, approved))));
  const last = open();
  await last.refresh();
  assert.equal(last.get(id)?.approval, 41);
});

test("doesn't let a window that's far behind undo later changes", async context => {
  const { open } = await scene(context);
  const [suspended, awake] = [open(), open()];
  const { id } = await added(suspended);
  await awake.refresh();
  for (let times = 0; times < 10; times++) await awake.update(id, approved);
  const create = suspended.update(id, job => {
    if (job.approval !== 1) throw new LostOwnershipError(id);
    return { ...job, phase: 'creating' };
  });
  await assert.rejects(create, LostOwnershipError);
  await awake.update(id, happens({ type: 'stopped' }));
  const fresh = open();
  await fresh.refresh();
  assert.deepEqual(fresh.unfinished, []);
  assert.equal((await fresh.find(id))?.phase, 'stopped');
});

test("doesn't let two windows that are behind by different amounts change anything", async context => {
  const { folder, open } = await scene(context);
  const awake = open();
  const { id } = await added(awake);
  const [behind, furtherBehind] = [open(), open()];
  await furtherBehind.refresh();
  await awake.update(id, approved);
  await behind.refresh();
  for (let times = 0; times < 5; times++) await awake.update(id, approved);
  // The latecomer's record still exists when the other window checks for the predecessor of its own record.
  const latecomer = asRecord({ ...newJob(id), phase: 'creating' });
  await writeFile(
    join(folder, 'records', id, '1.json'),
    serializeRecord({ ...latecomer, revision: 1, writes: ['other'] }),
  );
  const changed = await behind.update(id, job => ({ ...job, posts: job.posts + 1 }));
  assert.equal(changed.approval, 7);
  assert.equal(changed.revision, 7);
});

test('removes an ended job from the unfinished ones until a window resumes it', async context => {
  const { open, files } = await scene(context);
  const [one, two] = [open(), open()];
  const { id } = await added(one);
  assert.deepEqual(await files('unfinished'), [`${id}.0`]);
  await two.refresh();
  await one.update(id, happens({ type: 'stopped' }));
  assert.deepEqual(await files('unfinished'), []);
  await two.refresh();
  assert.equal(two.get(id)?.phase, 'stopped');
  const outcomes = await Promise.allSettled(
    [one, two].map(each => each.update(id, happens({ type: 'retried' }))),
  );
  assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  assert.ok((await files('unfinished')).includes(`${id}.2`));
  const fresh = open();
  await fresh.refresh();
  assert.equal(fresh.get(id)?.phase, 'queued');
});

test('creates the hint before the record that it announces, and removes it after the job ends', async context => {
  const { open } = await scene(context);
  const steps: string[] = [];
  const disk: Disk = {
    ...nodeDisk,
    create: (path, ...rest) => (steps.push(`create ${path}`), nodeDisk.create(path, ...rest)),
    remove: path => (steps.push(`remove ${path}`), nodeDisk.remove(path)),
  };
  const store = open({ disk });
  const { id } = await added(store);
  await store.update(id, happens({ type: 'stopped' }));
  await store.update(id, happens({ type: 'retried' }));
  const brief = steps.map(step => step.replace(/ .*(records|unfinished).*[./](\d+)(\.json)?$/, ' $1 $2'));
  assert.deepEqual(
    brief.filter(step => !step.startsWith('remove records')),
    [
      'create unfinished 0',
      'create records 0',
      'create records 1',
      'remove unfinished 0',
      'create unfinished 2',
      'create records 2',
    ],
  );
});

test('drops hints of jobs that have ended', async context => {
  const { folder, open, files } = await scene(context);
  const store = open();
  const { id } = await added(store);
  await store.update(id, happens({ type: 'stopped' }));
  await writeFile(join(folder, 'unfinished', `${id}.0`), '');
  await open().refresh();
  assert.deepEqual(await files('unfinished'), []);
});

test('drops the hint of a window that died before it resumed the job, even if the window was only suspended', async context => {
  const { open, files } = await scene(context);
  const create = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const slow: Disk = {
    ...nodeDisk,
    async create(path, ...rest) {
      if (path.endsWith('2.json')) {
        arrived.resolve();
        await create.promise;
      }
      return nodeDisk.create(path, ...rest);
    },
  };
  const suspended = open({ disk: slow });
  const { id } = await added(suspended);
  await suspended.update(id, happens({ type: 'stopped' }));
  const retried = suspended.update(id, happens({ type: 'retried' }));
  await arrived.promise;
  const other = open();
  await other.refresh();
  assert.deepEqual(await files('unfinished'), [`${id}.2`]);
  await other.tidy();
  assert.deepEqual(await files('unfinished'), []);
  create.resolve();
  assert.equal((await retried).revision, 3);
  assert.deepEqual(await files('unfinished'), [`${id}.3`]);
});

test('drops the hint of a job that was never written, once no window can write it', async context => {
  const { folder, open, files } = await scene(context);
  const store = open();
  await added(store, newJob('unfinished'));
  const [recent, abandoned] = [1, 31].map(days => `${timeId(now() - days * day)}-00000000`);
  for (const id of [recent, abandoned]) await writeFile(join(folder, 'unfinished', `${id}.0`), '');
  await store.refresh();
  await store.tidy();
  assert.deepEqual(await files('unfinished'), [`${recent}.0`, 'unfinished.0']);
});

test('finds an unfinished job without a hint when all jobs are read, and adds the hint', async context => {
  const { folder, open, files } = await scene(context);
  const { id } = await added(open());
  const ended = await added(open());
  await open().update(ended.id, happens({ type: 'stopped' }));
  await rm(join(folder, 'unfinished'), { recursive: true });
  const store = open();
  await store.refresh();
  assert.equal(store.get(id), undefined);
  await store.all();
  assert.ok(store.get(id));
  assert.deepEqual(await files('unfinished'), [`${id}.0`]);
  const later = open();
  await later.refresh();
  assert.ok(later.get(id));
});

test("leaves records that it can't read alone, and doesn't replace them", async context => {
  const { folder, log, open, files } = await scene(context);
  const writer = open();
  const good = await added(writer);
  const text = (change: object) => JSON.stringify({ schema: 2, ...asRecord(newJob('x')), ...change });
  const unreadable: Record<string, string> = {
    empty: '',
    half: text({ id: 'half' }).slice(0, 80),
    newer: text({ id: 'newer', schema: 3 }),
    phase: text({ id: 'phase', phase: 'upscaling' }),
    tool: text({ id: 'tool', request: request({ tool: 'video9000' }) }),
  };
  for (const [id, content] of Object.entries(unreadable)) {
    await mkdir(join(folder, 'records', id));
    await writeFile(join(folder, 'records', id, '7.json'), content);
    await writeFile(join(folder, 'unfinished', `${id}.0`), '');
  }
  // Another version of the extension continues a job that this window has read.
  await writeFile(join(folder, 'records', good.id, '1.json'), text({ id: good.id, schema: 3 }));
  await assert.rejects(
    writer.update(good.id, job => ({ ...job, phase: 'creating', posts: 1 })),
    LostOwnershipError,
  );
  const reader = open();
  await reader.refresh();
  await reader.refresh();
  assert.deepEqual([...reader.known], []);
  for (const id of [...Object.keys(unreadable), good.id]) {
    await assert.rejects(reader.update(id, approved), LostOwnershipError);
    assert.equal((await files('records', id)).length, id === good.id ? 2 : 1);
    assert.ok((await files('unfinished')).includes(`${id}.0`));
    assert.ok(
      log.filter(line => line.includes(`Job ${id} can't be read`)).length <= 2,
      'logged once per window',
    );
  }
  assert.equal(await reader.find('newer'), undefined);
});

test('reads a record that was half written once it is complete', async context => {
  const { folder, open } = await scene(context);
  const { id } = await added(open());
  const path = join(folder, 'records', id, '0.json');
  const text = await readFile(path, 'utf8');
  await writeFile(path, '');
  const reader = open();
  await reader.refresh();
  assert.equal(reader.get(id), undefined);
  await writeFile(path, text);
  await reader.refresh();
  assert.equal(reader.get(id)?.phase, 'queued');
});

test("refuses to write a record that couldn't be read back", async context => {
  const { open, files } = await scene(context);
  const store = open();
  const invalid = { ...newJob(), request: request({ estimate: { credits: Number.NaN, exact: true } }) };
  await assert.rejects(store.add([invalid], Promise.resolve()).written, {
    name: 'UnreadableRecordError',
  });
  assert.deepEqual([...store.known], []);
  const { id } = await added(store);
  await assert.rejects(
    store.update(id, job => ({ ...job, creditsCharged: Number.POSITIVE_INFINITY })),
    { name: 'UnreadableRecordError' },
  );
  assert.deepEqual(await files('records'), [id]);
  assert.deepEqual(await files('records', id), ['0.json']);
});

test('stores everything that forms, agents, and the server may send', async context => {
  const { open } = await scene(context);
  const store = open();
  const long = 'x'.repeat(90_000);
  const inputs = { image: { kind: 'url', url: `https://a.example/${long}` } } as const;
  const { id } = await added(store, {
    ...newJob(),
    request: request({ inputs, values: { stylePrompt: long } }),
  });
  const failure = {
    message: { key: 'api.server', args: { status: 500 } },
    serverWords: long,
  } as const;
  await store.update(id, happens({ type: 'failed', failure: { ...failure, resumable: false } }));
  assert.equal((await open().find(id))?.failure?.serverWords, long);
});

test('adds no startup cost, even if many jobs have ended, and removes old ones later', async context => {
  const { folder, open, files } = await scene(context);
  const seen = new Set<string>();
  const disk: Disk = {
    ...nodeDisk,
    list: path => (seen.add(path), nodeDisk.list(path)),
    read: path => (seen.add(path), nodeDisk.read(path)),
  };
  const write = async (id: string, age: number) => {
    await mkdir(join(folder, 'records', id), { recursive: true });
    const at = now() - age;
    await writeFile(
      join(folder, 'records', id, '3.json'),
      serializeRecord({ ...asRecord(newJob(id)), revision: 3, phase: 'saved', endedAt: at, updatedAt: at }),
    );
  };
  const start = now();
  const count = 5_100;
  for (let index = 0; index < count; index += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        write(`${timeId(start - 40 * day - index - at)}-00000000`, 40 * day),
      ),
    );
  const recent = `${timeId(start - 400 * day)}-resumed0`;
  await write(recent, day);
  const store = open({ disk });
  await store.refresh();
  assert.deepEqual([...seen].map(path => path.slice(folder.length + 1)).toSorted(), ['open', 'unfinished']);
  await store.tidy();
  const left = await files('records');
  assert.equal(left.length, 5_001, 'the newest 5,000, and one that ended recently');
  assert.ok(left.includes(recent));
});

test("counts a write exactly once when others write on top of it before it's confirmed", async context => {
  const { open } = await scene(context);
  const other = open();
  const { id } = await added(other);
  let isFirst = true;
  const disk: Disk = {
    ...nodeDisk,
    async create(path, text, durable) {
      const isCreated = await nodeDisk.create(path, text, durable);
      if (!isCreated || !isFirst) return isCreated;
      isFirst = false;
      await other.update(id, happens({ type: 'stopRequested' }));
      return isCreated;
    },
  };
  const job = await open({ disk }).update(id, approved);
  assert.equal(job.approval, 2);
  assert.equal(job.stopRequested, true);
  assert.equal(job.revision, 2);
});

for (const [how, outcome] of [
  ['throws', () => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }))],
  ['says that the name was taken', () => Promise.resolve(false)],
] as const)
  test(`counts a write that took effect even though the disk ${how}`, async context => {
    const { open } = await scene(context);
    let isFailing = false;
    const disk: Disk = {
      ...nodeDisk,
      async create(path, text, durable) {
        const isCreated = await nodeDisk.create(path, text, durable);
        return isFailing && path.includes('records') ? outcome() : isCreated;
      },
    };
    const store = open({ disk });
    const { id } = await added(store);
    isFailing = true;
    const mark = randomMark(systemClock);
    const first = await store.update(id, approved, mark).catch(() => undefined);
    isFailing = false;
    const job = first ?? (await store.update(id, approved, mark));
    assert.equal(job.approval, 2);
    assert.equal(job.revision, 1);
  });

test('adds a job whose record was written even though the disk reported an error', async context => {
  const { open } = await scene(context);
  const disk: Disk = {
    ...nodeDisk,
    async create(path, ...rest) {
      await nodeDisk.create(path, ...rest);
      if (path.endsWith('0.json')) throw new Error('EIO');
      return true;
    },
  };
  const { id } = await added(open({ disk }));
  const reader = open();
  await reader.refresh();
  assert.equal(reader.get(id)?.phase, 'queued');
});

test('adds all jobs of a submission or none', async context => {
  const { open } = await scene(context);
  for (const isFull of [false, true]) {
    const disk: Disk = {
      ...nodeDisk,
      create(path, ...rest) {
        const isRefused = isFull ? path.endsWith('1.json') || path.includes('b/') : path.includes('b/0');
        return isRefused ? Promise.reject(new Error('ENOSPC')) : nodeDisk.create(path, ...rest);
      },
    };
    const store = open({ disk });
    const { written } = store.add([newJob('a'), newJob('b')], Promise.resolve());
    const change = store.update('a', approved);
    await assert.rejects(written, /ENOSPC/);
    await assert.rejects(change, LostOwnershipError);
    assert.deepEqual([...store.known], []);
    const reader = open();
    await reader.refresh();
    assert.deepEqual([...reader.known], []);
  }
});

test('keeps a removed job for 30 days, but lets no window change it', async context => {
  const { open, files } = await scene(context);
  const store = open();
  const { id } = await added(store);
  const suspended = open();
  await suspended.refresh();
  await store.update(id, happens({ type: 'stopped' }));
  await store.remove(id);
  assert.equal(store.get(id), undefined);
  assert.ok((await store.find(id))?.removedAt);
  assert.deepEqual((await store.all()).map(isRemoved), [true]);
  for (const change of [approved, happens({ type: 'retried' })])
    await assert.rejects(suspended.update(id, change), LostOwnershipError);
  assert.equal(suspended.get(id), undefined);
  await store.tidy();
  assert.deepEqual(await files('records'), [id]);
  // Clean up when the job is 31 days old.
  await open({ now: () => now() + 31 * day }).tidy();
  assert.deepEqual(await files('records'), []);
});

test('never removes an unfinished job', async context => {
  const { open } = await scene(context);
  const old = await added(open(), { ...newJob(`${timeId(1)}-00000000`), createdAt: 1, updatedAt: 1 });
  await open().tidy();
  const fresh = open();
  await fresh.refresh();
  assert.equal(fresh.get(old.id)?.createdAt, 1);
});

test('restores the jobs in memory when the storage is deleted', async context => {
  const { folder, restored, open, files } = await scene(context);
  const store = open({ window: 'mine' });
  const mine = await added(store, newJob('mine', { window: 'mine', claim: 'a' }));
  const asking = await added(store, { ...newJob('asking'), phase: 'unknown' });
  const others = await added(store, newJob('others', { window: 'other', claim: 'b' }));
  await rm(folder, { recursive: true });
  await store.update(mine.id, approved);
  assert.equal(restored.length, 1);
  await store.refresh();
  // The other window's job is restored by that window.
  assert.equal(store.get(others.id), undefined);
  assert.deepEqual(await files('unfinished'), [`${asking.id}.0`, `${mine.id}.0`]);
  await rm(folder, { recursive: true });
  await store.refresh();
  assert.equal(restored.length, 2);
  const reader = open();
  await reader.refresh();
  assert.equal(reader.get(mine.id)?.approval, 2);
  assert.equal(reader.get(asking.id)?.phase, 'unknown');
  await rm(folder, { recursive: true });
  await added(store, newJob('later'));
});

test('keeps a job whose storage is deleted again while it is restored', async context => {
  const { folder, open, files } = await scene(context);
  let isDeleting = false;
  const disk: Disk = {
    ...nodeDisk,
    async create(path, ...rest) {
      const isCreated = await nodeDisk.create(path, ...rest);
      if (isDeleting && path.includes('records')) await rm(folder, { recursive: true });
      return isCreated;
    },
  };
  const store = open({ disk });
  const { id } = await added(store);
  await rm(folder, { recursive: true });
  isDeleting = true;
  await store.refresh();
  assert.ok(store.get(id));
  isDeleting = false;
  await store.refresh();
  assert.deepEqual(await files('records'), [id]);
});

test('leaves no record without a hint when the storage is deleted and the disk is full', async context => {
  const { folder, open, files } = await scene(context);
  let isFull = false;
  const disk: Disk = {
    ...nodeDisk,
    create: (path, ...rest) =>
      isFull && path.includes('unfinished')
        ? Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' }))
        : nodeDisk.create(path, ...rest),
  };
  const store = open({ disk });
  const { id } = await added(store);
  await rm(folder, { recursive: true });
  isFull = true;
  await store.refresh();
  await assert.rejects(store.update(id, approved), { code: 'ENOSPC' });
  // If there is no folder, a window that dies can't have written a record either.
  assert.deepEqual(await files('records'), []);
  isFull = false;
  await store.update(id, approved);
  assert.deepEqual(await files('unfinished'), [`${id}.0`]);
});

test('restores the jobs in memory if another window restored an older state', async context => {
  const { folder, open } = await scene(context);
  const [behind, ahead] = [open({ window: 'a' }), open({ window: 'b' })];
  const { id } = await added(behind, { ...newJob(), phase: 'unknown', posts: 1 });
  await ahead.refresh();
  for (let times = 0; times < 3; times++)
    await ahead.update(id, job => ({ ...job, earlierProjects: [...(job.earlierProjects ?? []), 'p'] }));
  await rm(folder, { recursive: true });
  await behind.refresh();
  await ahead.update(id, happens({ type: 'dismissed' }));
  const fresh = await open().find(id);
  assert.equal(fresh?.phase, 'stopped');
  assert.equal(fresh.earlierProjects?.length, 3);
});

test("doesn't restore a job that was removed while this window was suspended", async context => {
  const { folder, open } = await scene(context);
  let time = now();
  const store = open({ now: () => time });
  const { id } = await added(store);
  await rm(join(folder, 'records', id), { recursive: true });
  time += 31 * day;
  await assert.rejects(store.update(id, approved), LostOwnershipError);
});

test('leaves nothing of a submission whose record was written but couldn’t be read back', async context => {
  const { folder, open } = await scene(context);
  let isAbsent = true;
  const disk: Disk = {
    ...nodeDisk,
    create: async (path, ...rest) => (await nodeDisk.create(path, ...rest)) && !path.endsWith('0.json'),
    read: path => (isAbsent && path.endsWith('0.json') ? Promise.resolve(undefined) : nodeDisk.read(path)),
  };
  await assert.rejects(added(open({ disk })));
  isAbsent = false;
  assert.deepEqual(await open().all(), []);
  assert.deepEqual(await readdir(join(folder, 'unfinished')), []);
});

test('pauses while a listed name can’t be read', async context => {
  const { folder, open } = await scene(context);
  let reads = 0;
  const disk: Disk = {
    ...nodeDisk,
    read: path => (path.endsWith('9.json') ? (reads++, Promise.resolve(undefined)) : nodeDisk.read(path)),
  };
  const store = open({ disk });
  const { id } = await added(store);
  await writeFile(join(folder, 'records', id, '9.json'), '');
  const started = performance.now();
  await store.refresh();
  await store.refresh();
  assert.equal(reads, 10, 'five times per refresh');
  assert.ok(store.get(id), 'the job is still known');
  assert.ok(performance.now() - started > 100);
});

test('reads nothing for an invalid ID', async () => {
  const untouchable = new Proxy({} as Disk, { get: () => assert.fail('the disk was used') });
  const { clock } = { clock: systemClock };
  const log = { trace() {}, info() {}, warn() {}, error() {} };
  const options = { folder: '/x', window: 'w', isAlive: () => Promise.resolve(true), onRestored() {} };
  const store = new JobStore({ disk: untouchable, clock, log, ...options });
  for (const id of ['../../secret', '', 'a/b', 'a.b', '..', 'x'.repeat(81), 'a\0'])
    assert.equal(await store.find(id), undefined);
});

test('reads a record back as it was written', () => {
  const job = asRecord(newJob());
  assert.deepEqual(parseRecord(serializeRecord(job)), job);
});

test('reads 100,000 mutated and random records without an exception', () => {
  const text = serializeRecord({
    ...asRecord(newJob()),
    failure: { message: { key: 'error.unexpected' }, resumable: true },
  });
  const values = fc.oneof(fc.jsonValue(), fc.constant(undefined));
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(40), fc.string({ maxLength: 12 }), (at, length, instead) => {
      parseRecord(text.slice(0, at) + instead + text.slice(at + length));
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
