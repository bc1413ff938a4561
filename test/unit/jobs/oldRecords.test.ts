import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { isEnded, timeId, type Job } from '../../../src/jobs/job.ts';
import { parseRecord } from '../../../src/jobs/record.ts';
import { MemoryServer } from '../../support/memoryServer.ts';
import { openWindow, request, storage, workspace } from '../../support/jobWindow.ts';
import { MemoryDisk } from '../../support/memoryDisk.ts';
import { settle, VirtualClock } from '../../support/virtualClock.ts';

/** A record as version 0.1.0 wrote it. */
function oldRecord(id: string, change: Record<string, unknown> = {}) {
  return {
    schema: 1,
    id,
    batch: id,
    createdAt: Date.UTC(2026, 10, 19),
    updatedAt: Date.UTC(2026, 10, 19),
    phase: 'queued',
    request: request({ stem: `${id}-headshot` }),
    consent: 1,
    posts: 0,
    refusals: 0,
    results: [],
    revision: 3,
    writes: ['a', 'b'],
    ...change,
  };
}

function scene() {
  const clock = new VirtualClock();
  const disk = new MemoryDisk();
  const server = new MemoryServer(clock);
  const put = (folder: 'open' | 'ended', record: ReturnType<typeof oldRecord>) => {
    const name = folder === 'open' ? `${record.id}.${record.revision}` : record.id;
    disk.write(`${storage}/jobs/${folder}/${name}.json`, JSON.stringify(record));
  };
  const open = () => openWindow(clock, disk, server, { deathIsSeen: false });
  return { clock, disk, server, put, open };
}

const project = (server: MemoryServer, clock: VirtualClock, id: string) =>
  server.projects.set(id, {
    id,
    createdAt: clock.passed - 60_000,
    body: {},
    status: undefined,
    enabled: true,
    results: 1,
  });

test('an update from 0.1.0 loses no unfinished and no ended job', async () => {
  const { clock, disk, server, put, open } = scene();
  const message = { key: 'api.key.refused' };
  const gone = { window: 'gone', claim: 'c' };
  for (const id of ['p1', 'p2', 'p3', 'p4']) project(server, clock, id);
  const created = { posts: 1, projectId: 'p1', creditsCharged: 50 };
  const references = { image: 'api-assets/old.png' };
  const uploadedClip = { start: 0, end: 2 };
  put('open', oldRecord('queued', { references, uploadedAt: clock.now(), uploadedClip, owner: gone }));
  put('open', oldRecord('creating', { phase: 'creating', posts: 1, owner: gone }));
  put('open', oldRecord('waiting', { ...created, phase: 'waiting', waitingSince: 7, owner: gone }));
  put(
    'open',
    oldRecord('downloading', {
      ...created,
      projectId: 'p2',
      phase: 'downloading',
      placing: { index: 0, uri: `file://${workspace}/placed.png`, bytes: 5, stamp: '1' },
      owner: gone,
    }),
  );
  put('open', oldRecord('unknown', { phase: 'unknown', posts: 1, consent: 2 }));
  put('open', oldRecord('blocked', { references, blocked: { message, remedy: 'setApiKey' } }));
  put('ended', oldRecord('saved', { ...created, phase: 'saved', endedAt: 9, results: ['file:///x.png'] }));
  put(
    'ended',
    oldRecord('failed', {
      ...created,
      projectId: 'p3',
      phase: 'failed',
      endedAt: 9,
      failure: { message, remedy: 'chooseFolder', resumable: true },
    }),
  );
  // The job was resumed by 0.1.0, which keeps the job's end record until the job ends again.
  put('ended', oldRecord('resumed', { phase: 'stopped', projectId: 'p4', endedAt: 9, revision: 2 }));
  put('open', oldRecord('resumed', { ...created, projectId: 'p4', phase: 'waiting', owner: gone }));

  const window = open();
  void window.jobs.refresh();
  await clock.until(() => window.jobs.get('blocked')?.phase === 'saved', 120_000);
  const phaseOf = (id: string) => window.jobs.get(id)?.phase;
  await clock.until(() => window.jobs.current.every(job => isEnded(job) || job.phase === 'unknown'));
  assert.deepEqual(['queued', 'creating', 'waiting', 'downloading', 'unknown', 'resumed'].map(phaseOf), [
    'saved',
    'unknown',
    'saved',
    'saved',
    'unknown',
    'saved',
  ]);
  assert.equal(window.jobs.get('unknown')?.approval, 2);
  assert.equal(server.creates, 2, 'the queued job and the one without a key');
  const fromOld = [...server.projects.values()].filter(({ body }) =>
    JSON.stringify(body).includes(references.image),
  );
  assert.equal(fromOld.length, 1, 'what the queued job had uploaded is used');

  const history = new Map((await window.jobs.history()).map(job => [job.id, job]));
  assert.equal(history.size, 9);
  assert.deepEqual(history.get('saved')?.results, ['file:///x.png']);
  assert.equal(history.get('failed')?.failure?.suggestedAction, 'chooseFolder');
  await window.jobs.resume('failed');
  await clock.until(() => phaseOf('failed') === 'saved');
  assert.deepEqual(disk.list(`${storage}/jobs/open`), []);
  assert.ok(disk.list(`${storage}/jobs/ended`).every(name => name.endsWith('.forgotten')));
});

test('removes the list of uploads that 0.1.0 kept, once no window with 0.1.0 works on a job', async () => {
  const { clock, disk, put, open } = scene();
  disk.write(`${storage}/uploads/account/5-abc.json`, '{}');
  const old = `${storage}/jobs/windows/old.json`;
  const note = { schema: 1, home: 'here', pid: 1, beat: '1', progress: {} };
  disk.write(old, JSON.stringify(note));
  put(
    'open',
    oldRecord('waiting', { phase: 'waiting', projectId: 'p1', owner: { window: 'old', claim: 'c' } }),
  );
  const window = open();
  await window.jobs.history();
  assert.deepEqual(disk.list(`${storage}/uploads`), ['account']);
  disk.files.delete(old);
  await clock.settled(window.jobs.history());
  assert.deepEqual(disk.list(`${storage}/uploads`), []);
});

test('finds an ended job from 0.1.0 by its ID', async () => {
  const { put, open } = scene();
  put('ended', oldRecord('saved', { phase: 'saved', endedAt: 9, results: ['file:///x.png'] }));
  assert.equal((await open().jobs.find('saved'))?.phase, 'saved');
});

test('leaves a job alone while a window with 0.1.0 works on it', async () => {
  const { clock, disk, server, put, open } = scene();
  let beat = 0;
  const note = () =>
    disk.write(
      `${storage}/jobs/windows/old.json`,
      JSON.stringify({ schema: 1, home: 'here', pid: 1, beat: String(++beat), progress: {} }),
    );
  note();
  put('open', oldRecord('a', { owner: { window: 'old', claim: 'c' } }));
  const window = open();
  await window.jobs.refresh();
  for (let times = 0; times < 10; times++) {
    await clock.advance(4_000);
    note();
  }
  assert.equal(window.jobs.get('a'), undefined);
  assert.deepEqual(disk.list(`${storage}/jobs/open`), ['a.3.json']);
  // The window with 0.1.0 is gone.
  await clock.until(() => window.jobs.get('a')?.phase === 'saved', 60_000);
  assert.equal(server.creates, 1);
});

test('fences a window with 0.1.0 that wakes up, before and after a job is moved', async () => {
  const { clock, disk, put, open } = scene();
  put('open', oldRecord('a', { phase: 'unknown' }));
  const seen: string[][] = [];
  const steps = new Set<string>();
  const window = openWindow(clock, disk, new MemoryServer(clock), {
    before: (operation, path) => {
      if (operation === 'create' && dirname(path).endsWith('records/a')) {
        // 0.1.0 tries to write the next revision, which is already taken by a record of a newer version.
        seen.push(disk.list(`${storage}/jobs/open`));
        const fence = disk.files.get(`${storage}/jobs/open/a.4.json`)?.text ?? '{}';
        assert.equal((JSON.parse(fence) as { schema?: number }).schema, 2);
      }
      if (path.includes('/jobs/open/') && operation === 'remove') {
        // It considers a job ended if there's a marker with this revision or a higher one.
        const marker = disk.files.get(`${storage}/jobs/ended/a.forgotten`)?.text ?? '{}';
        assert.ok((JSON.parse(marker) as { revision: number }).revision > 1e9);
        steps.add('removed');
      }
    },
  });
  await window.jobs.refresh();
  assert.deepEqual(seen, [['a.3.json', 'a.4.json']]);
  assert.deepEqual([...steps], ['removed']);
  assert.equal(window.jobs.get('a')?.phase, 'unknown');
  const again = open();
  await again.jobs.refresh();
  assert.equal(again.jobs.get('a')?.phase, 'unknown');
});

test('leaves a job to a window with 0.1.0 that writes at the same time', async () => {
  const { clock, disk, put } = scene();
  put('open', oldRecord('a'));
  const window = openWindow(clock, disk, new MemoryServer(clock), {
    before: (operation, path) => {
      if (operation === 'create' && path.endsWith('open/a.4.json'))
        put('open', oldRecord('a', { revision: 4, phase: 'creating', posts: 1 }));
    },
  });
  await window.jobs.refresh();
  assert.equal(window.jobs.get('a'), undefined);
  await window.jobs.refresh();
  await settle();
  await clock.until(() => window.jobs.get('a')?.phase === 'unknown', 60_000);
});

test('moves a job exactly once, whenever the window dies during the move', async () => {
  for (let step = 0; step < 30; step++) {
    const { clock, disk, server, put, open } = scene();
    put('open', oldRecord('a'));
    put('ended', oldRecord('b', { phase: 'saved', endedAt: 9, results: ['file:///x.png'] }));
    let left = step;
    const dying = openWindow(clock, disk, server, {
      before: () => {
        if (left-- === 0) dying.kill();
      },
    });
    void dying.jobs.history();
    await clock.advance(200);
    dying.kill();
    const window = open();
    void window.jobs.refresh();
    await clock.until(() => window.jobs.get('a')?.phase === 'saved', 300_000);
    const history: Job[] = [];
    void window.jobs.history().then(jobs => history.push(...jobs));
    await clock.until(() => history.length > 0, 1_000);
    assert.deepEqual(
      history.map(({ id, phase }) => [id, phase]).toSorted((a, b) => (a < b ? -1 : 1)),
      [
        ['a', 'saved'],
        ['b', 'saved'],
      ],
    );
    assert.equal(server.creates, 1);
    const stored = disk.list(`${storage}/jobs/records`).map(id => {
      const [file] = disk.list(`${storage}/jobs/records/${id}`);
      return parseRecord(disk.files.get(`${storage}/jobs/records/${id}/${file}`)?.text ?? '');
    });
    assert.ok(stored.every(Boolean));
  }
});

test("leaves records from 0.1.0 that it can't read alone", async () => {
  const { disk, put, open } = scene();
  put('open', oldRecord(timeId(1), { phase: 'dancing' }));
  disk.write(`${storage}/jobs/open/b.1.json`, '{');
  disk.write(`${storage}/jobs/ended/c.json`, '');
  const window = open();
  assert.deepEqual(await window.jobs.history(), []);
  await window.jobs.history();
  assert.equal(disk.list(`${storage}/jobs/open`).length, 2);
  assert.equal(window.log.filter(line => line.includes('leaving it alone')).length, 3);
});
