import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { JobView } from '../../../src/jobs/job.ts';
import type { FakeApiControl } from '../../fake-api/control.ts';
import type { Action, Fault } from '../../fake-api/faults.ts';
import { launchFakeApi } from '../../fake-api/launch.ts';
import { Harness, isAtRest } from './harness.ts';
import { seeded } from './random.ts';

const count = 500;
const failing = 50;
/**
 * Eight sockets per origin, plus eight for create requests, whose connections are used once (api/connections.ts). The
 * number is doubled because a socket may still be closing while the next one opens.
 */
const maxSockets = 2 * (8 + 8 + 8);
/** The maximum growth of memory, in bytes. Keeping inputs or results in memory would take far more. */
const maxMemory = 300e6;

type Outcome = 'saved' | 'failed' | 'unknown';
type Kind = readonly [Fault['operation'] | 'render', Action | undefined, Outcome];

const kinds: readonly Kind[] = [
  ['put', { kind: 'reset', atByte: 10_000 }, 'saved'],
  ['put', { kind: 'reset', when: 'after' }, 'saved'],
  ['put', { kind: 'status', status: 503 }, 'saved'],
  ['put', { kind: 'expire' }, 'saved'],
  ['create', { kind: 'status', status: 429, headers: { 'retry-after': '2' } }, 'saved'],
  ['create', { kind: 'reset', when: 'after' }, 'unknown'],
  ['create', { kind: 'reset', when: 'before' }, 'unknown'],
  ['create', { kind: 'status', status: 422, json: { message: 'No.' } }, 'failed'],
  ['project', { kind: 'status', status: 500 }, 'saved'],
  ['project', { kind: 'malformed' }, 'saved'],
  ['project', { kind: 'reset', when: 'reply' }, 'saved'],
  ['download', { kind: 'truncate' }, 'saved'],
  ['download', { kind: 'reset', when: 'before' }, 'saved'],
  ['download', { kind: 'expire' }, 'saved'],
  ['render', undefined, 'failed'],
];

/** Arms random faults at random points. Returns the expected number of jobs for each outcome. */
async function armFaults(control: FakeApiControl, random: () => number): Promise<Record<Outcome, number>> {
  const ends = { saved: count, failed: 0, unknown: 0 };
  for (let n = 0; n < failing; n++) {
    const kind = kinds[Math.floor(random() * kinds.length)];
    assert.ok(kind);
    const [operation, action, consequence] = kind;
    if (operation === 'render' || !action) {
      await control.plan({ status: 'error', error: { code: 'no_source_face', message: 'No face' } });
    } else {
      await control.fault({ operation, action, nth: 1 + Math.floor(random() * (count - failing)) });
    }
    ends.saved--;
    ends[consequence]++;
  }
  return ends;
}

test('500 concurrent jobs end as expected when 50 of them run into faults', { timeout: 150_000 }, async t => {
  const server = await launchFakeApi();
  t.after(() => server.close());
  const { control } = server;
  await control.setAccount({ credits: 1e6 });
  await control.configure({ renderMs: { headshot: 300 } });
  const harness = await Harness.open(server, { maxConcurrentJobs: 16, speed: 20 });
  t.after(() => harness.close());
  const expected = await armFaults(control, seeded(3));

  const image = await readFile(new URL('../../sample-workspace/portraits/ben.jpg', import.meta.url));
  const requests = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const path = join(harness.folder, `ben-${index}.jpg`);
      await writeFile(path, Buffer.concat([image, Buffer.from(String(index))]));
      return harness.request({
        inputs: { image: { kind: 'file', uri: pathToFileURL(path).href } },
        stem: `ben-${index}-headshot`,
      });
    }),
  );

  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let peak = before;
  const sampling = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 50);
  t.after(() => clearInterval(sampling));
  const start = performance.now();
  const submitted = await harness.jobs.submit(requests);
  const ended = await Promise.all(submitted.map(({ id }) => harness.until(id, isAtRest, 120_000)));
  const seconds = (performance.now() - start) / 1000;
  clearInterval(sampling);

  const ends: Record<string, number> = { saved: 0, failed: 0, unknown: 0 };
  for (const { phase } of ended) ends[phase] = (ends[phase] ?? 0) + 1;
  const armed = await control.faults;
  assert.deepEqual(
    armed.filter(({ struck }) => struck === 0).map(({ operation, action }) => [operation, action.kind]),
    [],
    'a fault did not strike',
  );
  assert.deepEqual(ends, expected);
  await assertPaidOnce(ended, control);
  for (const job of ended) if (job.phase === 'saved') await harness.assertBytes(job);
  await harness.assertNoSecrets();
  assert.deepEqual(await control.violations, []);
  const { sockets } = await control.maxConcurrent;
  const memory = peak - before;
  t.diagnostic(`${seconds.toFixed(1)} s, ${sockets} sockets, ${Math.round(memory / 1e6)} MB`);
  assert.ok(sockets <= maxSockets, `${sockets} sockets`);
  assert.ok(memory <= maxMemory, `${Math.round(memory / 1e6)} MB`);
});

/** Asserts that no project belongs to two jobs, and that no project was created for a rejected job. */
async function assertPaidOnce(ended: readonly JobView[], control: FakeApiControl): Promise<void> {
  const made = new Set((await control.projects()).map(({ id }) => id));
  const claimed = ended.flatMap(({ projectId }) => projectId ?? []);
  assert.equal(new Set(claimed).size, claimed.length, 'two jobs share a project');
  for (const id of claimed) assert.ok(made.has(id));
  const unsure = ended.filter(({ phase }) => phase === 'unknown').length;
  assert.ok(made.size <= claimed.length + unsure, 'no job knows a project');
  for (const { posts, refusals, approval } of ended) {
    assert.equal(approval, 1);
    assert.ok(posts - refusals <= 1);
  }
}
