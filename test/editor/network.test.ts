import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { until } from '../e2e/harness/until.ts';
import { invoke, newImage } from './support/agent.ts';
import { control, signedIn } from './support/extension.ts';
import { watchResources } from './support/resources.ts';

const slots = () =>
  [1, 2].map(slot => (globalThis as Record<symbol, unknown>)[Symbol.for(`undici.globalDispatcher.${slot}`)]);

/**
 * The process-wide fetch as other extensions see it: the function, its dispatchers, and the request that a server gets.
 */
async function fetchOfAnother() {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ headers: request.headers, url: request.url }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const reply = await fetch(`http://127.0.0.1:${port}/hello`, { headers: { 'x-mine': '1' } });
  const { headers, url }: { headers: Record<string, string>; url: string } = JSON.parse(await reply.text());
  server.close();
  server.closeAllConnections();
  return {
    fetch: globalThis.fetch,
    slots: slots(),
    status: reply.status,
    url,
    headers: { ...headers, host: undefined },
  };
}

describe('Network', () => {
  it('doesn’t change the fetch of other extensions', async () => {
    const before = await fetchOfAnother();
    await signedIn();
    await invoke('magicHour_createHeadshot', { image: await newImage('network.png') });
    assert.ok((await control.requests).length > 3, 'our own requests were made');
    const after = await fetchOfAnother();
    assert.equal(after.fetch, before.fetch);
    for (const slot of [0, 1]) assert.equal(after.slots[slot], before.slots[slot]);
    assert.deepEqual({ ...after, slots: 0 }, { ...before, slots: 0 });
  });

  it('ignores an API URL in workspace settings', async () => {
    const inFolder = vscode.workspace.getConfiguration(
      undefined,
      vscode.workspace.workspaceFolders?.[0]?.uri,
    );
    assert.equal(inFolder.get('files.insertFinalNewline'), true, 'the settings of the workspace count');
    assert.notEqual(inFolder.get('magicHour.apiUrl'), 'http://127.0.0.1:9');
    await signedIn();
    await invoke('magicHour_createHeadshot', { image: await newImage('address.png') });
    assert.equal((await control.projects()).length, 1);
  });

  it('leaves no timer or socket behind after the last job', async () => {
    await signedIn();
    // The first job reads the secret, and VS Code's RPC for that keeps a timer.
    await invoke('magicHour_createHeadshot', { image: await newImage('first.png') });
    const watch = watchResources();
    await invoke('magicHour_createHeadshot', { image: await newImage('quiet.png') });
    await until('the last timer and socket to go', () => watch.alive().length === 0, 15_000).catch(
      () => undefined,
    );
    const alive = watch.alive();
    watch.stop();
    assert.deepEqual(alive, []);
  });
});
