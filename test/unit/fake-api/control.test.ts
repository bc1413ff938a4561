import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FakeApiControl } from '../../fake-api/control.ts';
import { launchFakeApi } from '../../fake-api/launch.ts';
import { LocalControl } from '../../fake-api/localControl.ts';
import { caller, freshApi } from './support.ts';

suite('the control from another process', () => {
  test('has the same members as the local one', () => {
    const members = (type: { prototype: object }): string[] =>
      Object.getOwnPropertyNames(type.prototype).toSorted();
    assert.deepEqual(members(FakeApiControl), members(LocalControl));
  });

  test('arms faults, waits for a held request, releases it, and reads what happened', async t => {
    const launched = await launchFakeApi(['--manual']);
    t.after(() => launched.close());
    const { control } = launched;
    const api = caller({ ...launched, control: undefined as never });
    await control.fault({ operation: 'createHeadshot', action: { kind: 'hold', when: 'after' } });
    const held = control.held('create');
    const making = api.headshot({ name: 'Ada' });
    const { project = '' } = await held;
    assert.deepEqual(
      (await control.projects('headshot')).map(({ id, status }) => [id, status]),
      [[project, 'queued']],
    );
    assert.equal(await control.release('createHeadshot'), 1);
    assert.equal((await making).body.id, project);
    await control.complete(project);
    assert.equal((await api.call('GET', `/v1/image-projects/${project}`)).body.status, 'complete');
    assert.equal(
      (await control.resultBytes(project)).byteLength,
      (await control.results(project))[0]?.length,
    );
    const filePath = await api.upload('image', 'png', 'some bytes');
    assert.equal(Buffer.from(await control.uploadedBytes(filePath)).toString(), 'some bytes');
    assert.deepEqual(
      (await control.requests).map(({ operation, status }) => [operation, status]),
      [
        ['createHeadshot', 200],
        ['imageProject', 200],
        ['uploadUrls', 200],
        ['put', 200],
      ],
    );
    assert.equal((await control.account()).credits, 1190);
    assert.deepEqual([await control.violations, (await control.maxConcurrent).creates], [[], 1]);
    await control.reset();
    assert.deepEqual(
      [await control.projects(), await control.uploads(), await control.requests],
      [[], [], []],
    );
  });

  test('reports errors', async t => {
    const api = await freshApi(t);
    const control = new FakeApiControl(api.controlUrl);
    await assert.rejects(control.complete('nowhere'), /complete: There is no project nowhere/);
    await assert.rejects(control.account('mhk_live_unknown'), /No account has that key/);
  });

  test('exits with the process that launched it', async () => {
    const launched = await launchFakeApi();
    await launched.close();
    await assert.rejects(fetch(`${launched.apiUrl}/v1/account`));
  });
});

suite('the record of requests', () => {
  test('contains neither the key nor a signature', async t => {
    const api = await freshApi(t, { behavior: { renderMs: { headshot: 0 } } });
    const path = await api.upload('image', 'png');
    const { id } = (await api.headshot({ assets: { image_file_path: path } })).body;
    const { body } = await api.call('GET', `/v1/image-projects/${String(id)}`);
    const [{ url } = { url: '' }] = body.downloads as { url: string }[];
    await (await fetch(url)).arrayBuffer();
    const written = JSON.stringify(api.control.requests);
    assert.ok(!written.includes('mhk_live_test'));
    assert.ok(!written.includes(new URL(url).searchParams.get('auth-value') ?? 'auth-value'));
    const operations = ['uploadUrls', 'put', 'createHeadshot', 'imageProject', 'download'];
    assert.deepEqual(
      api.control.requests.map(({ operation }) => operation),
      operations,
    );
  });

  test('counts concurrent requests', async t => {
    const api = await freshApi(t, { behavior: { clock: 'manual' } });
    api.control.fault({ operation: 'create', times: 3, action: { kind: 'hold' } });
    const making = [api.headshot(), api.headshot(), api.headshot()];
    while (api.control.maxConcurrent.creates < 3) await new Promise(setImmediate);
    assert.equal(api.control.release(), 3);
    await Promise.all(making);
    const { requests, creates, projects } = api.control.maxConcurrent;
    assert.deepEqual([requests, creates, projects], [3, 3, 3]);
    await api.control.waitFor('create', 3);
  });
});
