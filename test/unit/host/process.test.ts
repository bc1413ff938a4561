import assert from 'node:assert/strict';
import { once } from 'node:events';
import { suite, test } from 'node:test';
import { until } from '../../e2e/harness/until.ts';
import { descendants, freePort, type Service, startService } from '../../host/process.ts';

/** Starts a program that listens and runs this code. */
async function start(code: string): Promise<Service> {
  const port = await freePort();
  const listen = `require('node:http').createServer((_, response) => response.end()).listen(${port}, '127.0.0.1');`;
  return startService('The server', [process.execPath, '-e', `${listen}${code}`], `http://127.0.0.1:${port}`);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

// The servers of the tests don't run on Windows.
suite('a test service', { skip: process.platform === 'win32' }, () => {
  test('reports how it ended and what it printed when it dies', async () => {
    const { child, failed } = await start("process.once('SIGTERM', () => { throw new Error('no fonts'); });");
    child.kill('SIGTERM');
    await assert.rejects(failed, /^Error: The server ended unexpectedly \(exit code 1\):[^]*no fonts/);
  });

  test('fails immediately when it ends before it responds', async () => {
    const started = Date.now();
    await assert.rejects(start("console.error('no port'); process.exit(3)"), /exit code 3\):\nno port$/);
    assert.ok(Date.now() - started < 10_000);
  });

  test("doesn't report a failure when it's stopped, and ends what it started", async () => {
    const service = await start(
      "require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);",
    );
    const [child, ...others] = descendants(service.child.pid ?? 0);
    assert.ok(child && others.length === 0);
    const outcome = Promise.race([service.failed, once(service.child, 'close').then(() => 'stopped')]);
    await service.stop();
    assert.equal(await outcome, 'stopped');
    await until('the end of what it started', () => !isRunning(child.pid));
  });
});
