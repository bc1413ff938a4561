import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Heartbeat } from '../../../src/jobs/heartbeat.ts';
import { MemoryDisk } from '../../support/memoryDisk.ts';

function scene() {
  const disk = new MemoryDisk();
  const running = new Set([1, 2]);
  const window = (id: string, pid: number, home = 'here') =>
    new Heartbeat(disk.view(), '/windows', id, { home, pid, isRunning: other => running.has(other) });
  return { disk, running, window };
}

test('counts a window as alive from its first heartbeat until it leaves', async () => {
  const { disk, window } = scene();
  const [a, b] = [window('a', 1), window('b', 2)];
  assert.equal(await b.isAlive('a'), false);
  await a.send({ job: 'uploading' });
  assert.equal(await b.isAlive('a'), true);
  assert.equal(b.phaseOf('a', 'job'), 'uploading');
  await a.leave();
  assert.equal(await b.isAlive('a'), false);
  assert.deepEqual(disk.list('/windows'), []);
});

test("doesn't lose a heartbeat right after leaving", async () => {
  const { window } = scene();
  const [a, b] = [window('a', 1), window('b', 2)];
  await a.send();
  await Promise.all([a.leave(), a.send()]);
  assert.equal(await b.isAlive('a'), true);
});

test('notices immediately that a process has ended, but only on the same machine', async () => {
  const { running, window } = scene();
  const [a, far, b] = [window('a', 1), window('far', 1, 'elsewhere'), window('b', 2)];
  await a.send();
  await far.send();
  running.delete(1);
  assert.equal(await b.isAlive('a'), false);
  assert.equal(await b.isAlive('far'), true);
});

test('counts a window without new heartbeats as gone after a few checks', async () => {
  const { disk, window } = scene();
  const [silent, beating, b] = [window('silent', 1), window('beating', 1), window('b', 2)];
  await silent.send();
  for (let check = 0; check < 4; check++) {
    await beating.send();
    assert.equal(await b.isAlive('silent'), true, `check ${check}`);
    await b.check();
  }
  assert.equal(await b.isAlive('silent'), false);
  assert.equal(await b.isAlive('beating'), true);
  assert.deepEqual(disk.list('/windows'), ['beating.json']);
});

test("ignores a heartbeat that it can't read", async () => {
  const { disk, window } = scene();
  const b = window('b', 2);
  for (const text of ['', '{', '{"schema":1}', '{"schema":9,"beat":"1"}']) {
    disk.write('/windows/odd.json', text);
    assert.equal(await b.isAlive('odd'), false);
    await b.check();
  }
});
