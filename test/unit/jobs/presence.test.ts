import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Presence } from '../../../src/jobs/presence.ts';
import { MemoryDisk } from '../../support/memoryDisk.ts';

function scene() {
  const disk = new MemoryDisk();
  const running = new Set([1, 2]);
  const window = (id: string, pid: number, home = 'here') =>
    new Presence(disk.view(), '/windows', id, { home, pid, isRunning: other => running.has(other) });
  return { disk, running, window };
}

test('a window is alive from its first beat to its farewell', async () => {
  const { disk, window } = scene();
  const [a, b] = [window('a', 1), window('b', 2)];
  assert.equal(await b.isAlive('a'), false);
  await a.beat({ job: { phase: 'uploading', fraction: 0.5 } });
  assert.equal(await b.isAlive('a'), true);
  assert.deepEqual(b.progressOf('a', 'job'), { phase: 'uploading', fraction: 0.5 });
  await a.leave();
  assert.equal(await b.isAlive('a'), false);
  assert.deepEqual(disk.list('/windows'), []);
});

test('a beat that follows a farewell at once is not lost', async () => {
  const { window } = scene();
  const [a, b] = [window('a', 1), window('b', 2)];
  await a.beat();
  await Promise.all([a.leave(), a.beat()]);
  assert.equal(await b.isAlive('a'), true);
});

test('a process that is gone is noticed at once on the same machine only', async () => {
  const { running, window } = scene();
  const [a, far, b] = [window('a', 1), window('far', 1, 'elsewhere'), window('b', 2)];
  await a.beat();
  await far.beat();
  running.delete(1);
  assert.equal(await b.isAlive('a'), false);
  assert.equal(await b.isAlive('far'), true);
});

test('a window that beats no more is gone after a few looks, one that beats never', async () => {
  const { disk, window } = scene();
  const [silent, beating, b] = [window('silent', 1), window('beating', 1), window('b', 2)];
  await silent.beat();
  for (let look = 0; look < 4; look++) {
    await beating.beat();
    assert.equal(await b.isAlive('silent'), true, `look ${look}`);
    await b.look();
  }
  assert.equal(await b.isAlive('silent'), false);
  assert.equal(await b.isAlive('beating'), true);
  assert.deepEqual(disk.list('/windows'), ['beating.json']);
});

test('notes that cannot be read are nobody', async () => {
  const { disk, window } = scene();
  const b = window('b', 2);
  for (const text of ['', '{', '{"schema":1}', '{"schema":9,"beat":"1"}']) {
    disk.write('/windows/odd.json', text);
    assert.equal(await b.isAlive('odd'), false);
    await b.look();
  }
});
