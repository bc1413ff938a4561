import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createAssetPreparation } from '../../../src/assets/prepare.ts';
import { createAssetUpload } from '../../../src/assets/uploads.ts';
import { systemClock } from '../../../src/jobs/clock.ts';
import { isEnded, type JobRequest, type JobView } from '../../../src/jobs/job.ts';
import { JobService } from '../../../src/jobs/jobService.ts';
import type { Log, RemoteFiles } from '../../../src/jobs/ports.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { clientOf, key, connectToFakeApi } from '../api/support/client.ts';

/**
 * These tests combine the real parts: store, runner, preparation, upload, and client, on a real disk with real sockets.
 */

const remoteFiles: RemoteFiles = {
  stat: () => Promise.reject(new Error('not remote')),
  copyToDisk: () => Promise.reject(new Error('not remote')),
  copyFromDisk: () => Promise.reject(new Error('not remote')),
  reaches: () => false,
};

const portrait = fileURLToPath(new URL('../../sample-workspace/portraits/', import.meta.url));

async function scene(t: TestContext) {
  const { server } = await connectToFakeApi(t, { behavior: { clock: 'real', renderMs: { headshot: 300 } } });
  // Close the services before the folders that they write to are removed.
  const opened: JobService[] = [];
  t.after(() => Promise.all(opened.map(jobs => jobs.dispose())));
  const storage = await temporaryFolder(t);
  const folder = join(await temporaryFolder(t), 'pictures');
  await mkdir(folder);
  const [name] = (await readdir(portrait)).filter(file => /\.(?:png|jpe?g)$/.test(file));
  assert.ok(name);
  await copyFile(join(portrait, name), join(folder, name));
  const log: string[] = [];
  const note = (message: string | Error) => void log.push(String(message));
  const logger: Log = { trace: note, info: note, warn: note, error: note };

  const open = (): JobService => {
    const client = clientOf(t, server.apiUrl);
    const api = () => Promise.resolve(client);
    const jobs = new JobService(
      {
        api,
        assets: createAssetPreparation({
          remoteFiles,
          temporaryFolder: join(storage, 'temporary'),
          log: logger,
        }),
        uploads: createAssetUpload({ api, clock: systemClock }),
        remoteFiles,
        clock: systemClock,
        log: logger,
        maxConcurrentJobs: () => 4,
      },
      storage,
    );
    opened.push(jobs);
    return jobs;
  };
  const request: JobRequest = {
    tool: 'headshot',
    inputs: { image: { kind: 'file', uri: pathToFileURL(join(folder, name)).href } },
    values: { name: 'Anna' },
    trim: true,
    estimate: { credits: 50, exact: true },
    folder: pathToFileURL(folder).href,
    stem: 'anna-headshot',
  };
  return { server, storage, folder, log, open, request };
}

function until(jobs: JobService, id: string, condition: (job: JobView) => boolean): Promise<JobView> {
  return new Promise(resolve => {
    const check = () => {
      const job = jobs.get(id);
      if (!job || !condition(job)) return;
      subscription.dispose();
      resolve(job);
    };
    const subscription = jobs.onDidChange(check);
    check();
  });
}

test('creates a headshot, from the file to the result', async t => {
  const { server, folder, open, request, storage, log } = await scene(t);
  const jobs = open();
  const [first, second] = await jobs.submit([request, request]);
  assert.ok(first && second);
  const ended = await Promise.all([first, second].map(({ id }) => until(jobs, id, isEnded)));
  assert.deepEqual(
    ended.map(({ phase, failure }) => failure ?? phase),
    ['saved', 'saved'],
    log.join('\n'),
  );
  for (const job of ended) {
    const [uri] = job.results;
    const saved = await readFile(fileURLToPath(uri ?? ''));
    assert.ok(saved.equals(server.control.resultBytes(job.projectId ?? '')));
  }
  assert.equal(server.control.creates('headshot').length, 2);
  assert.equal(server.control.uploads().length, 1);
  assert.deepEqual(
    (await readdir(folder)).filter(name => name.includes('part')),
    [],
  );
  await jobs.dispose();
  for (const file of await readdir(storage, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const text = await readFile(join(file.parentPath, file.name), 'latin1');
    assert.ok(!text.includes(key), `${file.name} has the key`);
    assert.ok(!/[?&](?:signature|token|auth-value)=/i.test(text), `${file.name} has a signed URL`);
  }
});

/** Saves a headshot and returns the background remover's request for it. */
async function savedResult(t: TestContext) {
  const all = await scene(t);
  all.server.control.configure({ renderMs: { backgroundRemover: 50 } });
  const jobs = all.open();
  const run = async (request: JobRequest): Promise<JobView> => {
    const [job] = await jobs.submit([request]);
    assert.ok(job);
    return await until(jobs, job.id, isEnded);
  };
  const { projectId, results, stamp, id } = await run(all.request);
  const [uri] = results;
  assert.ok(projectId && uri && stamp);
  const url = `https://magichour.ai/my-library?imageId=${projectId}`;
  const next: JobRequest = {
    ...all.request,
    tool: 'backgroundRemover',
    inputs: { image: { kind: 'file', uri, library: { url, stamp } } },
    values: {},
    estimate: { credits: 5, exact: true },
    stem: 'anna-no-background',
  };
  const sent = () =>
    all.server.control
      .creates('backgroundRemover')
      .map(({ body }) => (body as { assets: { image_file_path: string } }).assets.image_file_path);
  return { ...all, jobs, run, next, id, url, sent, file: fileURLToPath(uri) };
}

test('uses a result that is still in the library without uploading it', async t => {
  const { server, run, next, url, sent } = await savedResult(t);
  const job = await run(next);
  assert.equal(job.phase, 'saved');
  assert.deepEqual(sent(), [url]);
  assert.equal(server.control.uploads().length, 1, 'the portrait only');
});

test('uploads a result that the server no longer has, under the same approval', async t => {
  const { server, jobs, run, next, id, url, sent, file } = await savedResult(t);
  await jobs.deleteOnServer(id);
  const job = await run(next);
  const upload = server.control.uploads().at(-1);
  assert.equal(job.phase, 'saved');
  assert.deepEqual(sent(), [url, upload?.filePath]);
  assert.equal(upload?.length, (await readFile(file)).length);
  assert.deepEqual([job.approval, job.posts, job.refusals], [1, 2, 1]);
  assert.equal(server.control.projects('backgroundRemover').length, 1);
  assert.ok(!job.uploadedAgain, 'its upload may still be repeated once');
});

test('uploads a result that was edited after it was saved', async t => {
  const { server, run, next, sent, file } = await savedResult(t);
  await writeFile(file, await readFile(file));
  const job = await run(next);
  assert.equal(job.phase, 'saved');
  assert.deepEqual(sent(), [server.control.uploads().at(-1)?.filePath]);
  assert.equal(job.posts, 1);
});

test('saves the result in the next window when its window was closed while waiting', async t => {
  const { server, open, request } = await scene(t);
  server.control.configure({ renderMs: { headshot: 2_000 } });
  const one = open();
  const [job] = await one.submit([request]);
  assert.ok(job);
  await until(one, job.id, ({ phase }) => phase === 'waiting');
  await one.dispose();
  const two = open();
  await two.refresh();
  const { phase } = await until(two, job.id, isEnded);
  assert.equal(phase, 'saved');
  assert.equal(server.control.creates('headshot').length, 1);
});

test('asks when the response to a create request is lost, and saves the result once the user answers', async t => {
  const { server, open, request } = await scene(t);
  server.control.fault({ operation: 'create', action: { kind: 'reset', when: 'after' } });
  const jobs = open();
  const [job] = await jobs.submit([request]);
  assert.ok(job);
  await until(jobs, job.id, ({ phase }) => phase === 'unknown');
  const [project] = server.control.projects('headshot');
  assert.ok(project);
  await jobs.answer(job.id, { projectId: project.id });
  assert.equal((await until(jobs, job.id, isEnded)).phase, 'saved');
  assert.equal(server.control.creates('headshot').length, 1);
});
