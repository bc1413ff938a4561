import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JobRecord } from '../../src/jobs/job.ts';
import { kill } from '../host/process.ts';
import { until } from './harness/until.ts';
import type { Window } from './harness/window.ts';
import {
  downloaded,
  holdFetching,
  holdMaking,
  holdUrls,
  reachFetching,
  reachMaking,
  reachUrls,
  reachWaiting,
} from './support/crashPoints.ts';
import { CrashScene, headshot, Points, talkingPhoto } from './support/crashScene.ts';
import { portraits, talks } from './support/inputs.ts';
import { nameOf, readJobs } from './support/jobRecords.ts';
import { assertPaidOnceSavedOnce } from './support/assertNoDuplicates.ts';
import { scenario, type ScenarioFixtures, signIn } from './support/scenario.ts';
import { saved, text, textLike } from './support/text.ts';

/** What the status bar says of two jobs. */
const working = (phase: 'phase.uploading' | 'phase.downloading' | 'phase.waiting') =>
  text('status.working', { count: 2, phase: text(phase) });

/** Timeout and interval for what's on disk for a few milliseconds only. */
const atOnce = [30_000, 1] as const;

/** Never retried: a wait that times out here can mean a lost result. */
function crashScenario(
  name: string,
  body: (fixtures: ScenarioFixtures) => Promise<void>,
  timeout?: number,
): void {
  scenario(name, body, { canRetry: false, ...(timeout && { timeout }) });
}

/** A window with as many headshots and talking photos to make, and a cloud that waits for the test. */
async function prepare(fixtures: ScenarioFixtures, heads: number, pairs: number, seconds = 3) {
  const { api, host } = fixtures;
  api.control.configure({ clock: 'manual' });
  api.control.setAccount({ credits: 1_000_000 });
  const files = { ...portraits('heads', heads), ...talks('talks', pairs, seconds) };
  const window = await fixtures.open({
    sample: false,
    files,
    settings: { 'magicHour.maxConcurrentJobs': 32 },
  });
  // All files are in view, to be selected.
  await window.page.setViewportSize({ width: 1280, height: 1300 });
  await signIn(window);
  return { scene: new CrashScene(host, api.control, window), files };
}

/** A crash is no excuse for a bug's words in our log. */
async function assertNothingLogged({ host }: CrashScene): Promise<void> {
  const ours = [...(await host.readLogs())].filter(([file]) => file.endsWith('Magic Hour.log'));
  assert.ok(ours.length > 0);
  const errors = ours.flatMap(([, text]) => text.split('\n').filter(line => line.includes('[error]')));
  assert.deepEqual(errors, []);
}

/** What became of a job. */
const phaseOf = (scene: CrashScene) => (name: string) =>
  readJobs(scene.host).find(job => nameOf(job) === name)?.phase ?? 'lost';

/** Waits until no job is at work any more: so many ask, and all others are saved. */
async function allSavedBut(scene: CrashScene, asking: number): Promise<void> {
  const count = (phase: string) => readJobs(scene.host).filter(job => job.phase === phase).length;
  await until('all jobs to be at rest', () => readJobs(scene.host).every(({ phase }) => restful.has(phase)));
  const total = readJobs(scene.host).length;
  assert.deepEqual([count('saved'), count('unknown')], [total - asking, asking], 'jobs saved, jobs asking');
}
const restful: ReadonlySet<string> = new Set(['saved', 'unknown', 'failed', 'stopped']);

const expected = {
  // All jobs of the tool are here, those among them whose create is killed later.
  'upload-urls not processed': 'saved or unknown',
  'upload-urls not answered': 'saved or unknown',
  'upload of the image not read': 'saved',
  'upload of the image half read': 'saved',
  'upload of the image stored, not answered': 'saved',
  'create not processed': 'unknown',
  'create processed, not answered': 'unknown',
  'waiting, queued in the cloud': 'saved',
  'waiting, rendering in the cloud': 'saved',
  'waiting, complete in the cloud': 'saved',
  'look not processed': 'saved',
  'look not answered': 'saved',
  'download not answered': 'saved',
  'half downloaded': 'saved',
  'downloaded but for a byte': 'saved',
  'the name is chosen': 'saved',
  'the name is given': 'saved',
  'the end is recorded': 'saved',
};

const ofTool = (tool: string, outcomes: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(outcomes).map(([point, outcome]) => [`${tool}: ${point}`, outcome]);

crashScenario(
  'killed at 39 points, at every boundary and in the middle of every phase: nothing is lost, bought twice or saved twice',
  async fixtures => {
    const { scene, files } = await prepare(fixtures, 10, 13);
    const { control, host } = scene;
    const points = new Points();
    const allMade = ({ tool }: typeof headshot) =>
      until(`every ${tool} to be made`, () => {
        const jobs = readJobs(host).filter(job => job.request.tool === tool);
        return jobs.every(({ phase }) => phase !== 'queued' && phase !== 'creating');
      });

    control.fault(holdUrls('before'));
    await scene.submit(headshot, 'heads/01.png', 'heads/10.png');
    await reachUrls(scene, points, headshot, 'not processed');
    await scene.kill(holdUrls('after'));

    await reachUrls(scene, points, headshot, 'not answered');
    await scene.kill(...holdMaking(headshot));

    // The talking photos come two kills later: at once, what is held would take all connections.
    const heads = await reachMaking(scene, points, headshot, files);
    control.fault(holdUrls('before'));
    await scene.submit(talkingPhoto, 'talks/01.jpg', 'talks/13.wav');
    await reachUrls(scene, points, talkingPhoto, 'not processed');
    reachWaiting(scene, points, headshot, heads);
    await scene.kill(...holdFetching(scene, heads), holdUrls('after'));

    // Killed while they were paid for: that is asked, not only counted.
    // The form asks if it's visible, a notification otherwise.
    await Promise.any([
      scene.window.notification(textLike('notice.unknown')).first().waitFor(),
      scene.window.form().getByText(text('form.unknownQuestion')).first().waitFor(),
    ]);
    await reachFetching(scene, points, headshot, heads);
    await reachUrls(scene, points, talkingPhoto, 'not answered');
    await scene.kill(...holdMaking(talkingPhoto));

    const talking = await reachMaking(scene, points, talkingPhoto, files);
    await allMade(headshot);
    reachWaiting(scene, points, talkingPhoto, talking);
    await scene.kill(...holdFetching(scene, talking));

    await reachFetching(scene, points, talkingPhoto, talking);
    await allMade(talkingPhoto);

    // Saving happens on the disk alone: what lies there says when. Each job is complete before a restart, which looks
    // at once, and held before its download until the restart is over.
    const moments: [string, (job: JobRecord) => boolean][] = [
      ['the name is chosen', job => job.finalizing !== undefined],
      ['the name is given', job => job.finalizing !== undefined && existsSync(new URL(job.finalizing.uri))],
      ['the end is recorded', job => job.phase === 'saved'],
    ];
    const queued = new Set(control.projects().flatMap(({ id, status }) => (status === 'queued' ? [id] : [])));
    for (const cast of [headshot, talkingPhoto]) {
      const jobs = scene.at('waiting', cast).filter(({ projectId = '' }) => queued.has(projectId));
      for (const [index, [point, isReached]] of moments.entries()) {
        const job = jobs[index] ?? assert.fail('a job for every moment');
        const project = job.projectId ?? '';
        control.complete(project);
        await scene.kill({ operation: 'download', project, times: 'always', action: { kind: 'hold' } });
        await until(`the download for "${point}"`, () => scene.held('download').length > 0);
        control.clearFaults();
        control.release('download');
        await until(
          point,
          () => readJobs(host, job.id).some(now => isReached(now) || now.phase === 'saved'),
          ...atOnce,
        );
        points.reach(`${cast.tool}: ${point}`, nameOf(job));
      }
    }
    for (const { id, status } of control.projects()) if (status !== 'complete') control.complete(id);
    await scene.kill();

    assert.equal(control.creates().length, 23, 'each create was sent once');
    await allSavedBut(scene, 4);
    assert.deepEqual(
      points.outcomes(phaseOf(scene)),
      Object.fromEntries([
        ...ofTool('headshot', expected),
        ...ofTool('talkingPhoto', {
          ...expected,
          'upload of the sound not read': 'saved',
          'upload of the sound half read': 'saved',
          'upload of the sound stored, not answered': 'saved',
        }),
      ]),
    );
    assert.equal(control.projects().length, 21, 'two creates never arrived');

    await scene.window.statusBar.getByText(text('status.asking', { count: 4 })).waitFor();
    for (const job of readJobs(host).filter(({ phase }) => phase === 'unknown')) await scene.answer(job);
    await allSavedBut(scene, 0);
    assertPaidOnceSavedOnce(scene, Object.keys(files));
    await assertNothingLogged(scene);
  },
  300_000,
);

crashScenario('killed between pressing the button and paying', async fixtures => {
  // A recording so long that what is used of it is cut out.
  const { scene, files } = await prepare(fixtures, 1, 1, 60);
  const { control, host, window } = scene;
  /** Killed once more as soon as the ledger says that it will be paid now. */
  const killWhenPaying = async (cast: typeof headshot) => {
    await until('upload-urls', () => scene.held('uploadUrls').length > 0);
    control.clearFaults();
    control.release('uploadUrls');
    await until(
      'the record of a create',
      () => scene.at('creating', cast).length + scene.at('waiting', cast).length > 0,
      ...atOnce,
    );
    await scene.kill();
  };

  await window.explorer.choose('heads/01.png', 'Magic Hour', headshot.menuItem);
  await window
    .form()
    .getByRole('button', { name: text('headshot.submit') })
    .click();
  await until('the first record', () => readJobs(host).length > 0, ...atOnce);
  await scene.kill(holdUrls('after'));
  await killWhenPaying(headshot);

  await window.explorer.select('talks/01.jpg', 'talks/01.wav');
  await window.explorer.choose('talks/01.wav', 'Magic Hour', talkingPhoto.menuItem);
  const form = window.form();
  await form.getByLabel(text('field.start'), { exact: true }).fill('0.5');
  await form.getByLabel(text('field.end'), { exact: true }).fill('1.5');
  await form.getByRole('button', { name: text('talkingPhoto.submit') }).click();
  await until('the cut', () => temporaryFiles(host.globalStorage) > 0, ...atOnce);
  await scene.kill(holdUrls('after'));
  await killWhenPaying(talkingPhoto);

  for (const { id } of control.projects()) control.complete(id);
  await until('both to wait or to ask', () =>
    readJobs(host).every(({ phase }) => phase === 'unknown' || phase === 'saved'),
  );
  for (const job of readJobs(host).filter(({ phase }) => phase === 'unknown')) await scene.answer(job);
  await allSavedBut(scene, 0);
  assertPaidOnceSavedOnce(scene, Object.keys(files));
  await assertNothingLogged(scene);
});

/** Cuts and copies that lie in the extension's storage. */
function temporaryFiles(storage: string): number {
  try {
    const folder = join(storage, 'temporary');
    return readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
      .length;
  } catch {
    return 0;
  }
}

crashScenario('two windows: the one that works is killed for good, the other takes over', async fixtures => {
  const { scene, files } = await prepare(fixtures, 1, 1);
  const { control, host, window } = scene;
  control.fault({ operation: 'put', ending: '.wav', action: { kind: 'hold', atByte: 1000 } });
  await scene.submit(headshot, 'heads/01.png');
  await until('the headshot to wait', () => scene.at('waiting', headshot).length === 1);
  await scene.submit(talkingPhoto, 'talks/01.jpg', 'talks/01.wav');
  await until('the upload to be held', () => scene.held('put').length === 1);
  const [head] = scene.at('waiting', headshot);

  const other = await window.openAnother();
  await other.statusBar.getByText(working('phase.uploading')).waitFor();
  control.fault({ operation: 'download', action: { kind: 'stall' } });
  control.complete(head?.projectId ?? '');
  await until('the download to stand still', () => downloaded(scene, head) > 0);
  await other.statusBar
    .getByText(new RegExp(`${working('phase.uploading')}|${working('phase.downloading')}`))
    .waitFor();
  assert.equal(control.creates().length, 1);
  assert.equal(control.requests.filter(({ operation }) => operation === 'put').length, 3, 'one window works');

  const start = Date.now();
  await killForGood(fixtures, window, other);
  await until('the other window to save the headshot', () => phaseOf(scene)('heads/01') === 'saved', 30_000);
  await until(
    'the other window to make the talking photo',
    () => control.projects('talkingPhoto').length === 1,
    30_000,
  );
  assert.ok(Date.now() - start < 30_000, 'within 30 s');
  await other.statusBar.getByText(text('phase.waiting')).waitFor();
  control.complete(control.projects('talkingPhoto')[0]?.id ?? '');
  await other.notification(saved('01-talking-photo.mp4')).waitFor();
  await other.statusBar.waitFor({ state: 'detached' });
  assert.equal(control.creates().length, 2);
  assertPaidOnceSavedOnce({ host, control, window: other }, Object.keys(files));
});

/** Kills the extension host of a window and its page, which would start another. */
async function killForGood({ host }: ScenarioFixtures, window: Window, survivor: Window): Promise<void> {
  kill(window.extensionHost);
  await window.page.close();
  await until('only one extension host to be left', () => {
    const others = host.extensionHosts().filter(pid => pid !== survivor.extensionHost);
    for (const pid of others) kill(pid);
    return others.length === 0;
  });
}

crashScenario(
  'the page crashes and its extension host lives on: the job ends all the same',
  async fixtures => {
    const { scene, files } = await prepare(fixtures, 1, 1);
    const { control, window } = scene;
    await scene.submit(headshot, 'heads/01.png');
    await until('the headshot to wait', () => scene.at('waiting', headshot).length === 1);
    // Nothing that is asked of the window is answered any more: the server keeps the extension host for a reconnection.
    const devtools = await fixtures.context.newCDPSession(window.page);
    const crashed = window.page.waitForEvent('crash');
    void devtools.send('Page.crash').catch(() => undefined);
    await crashed;
    assert.deepEqual(scene.host.extensionHosts(), [window.extensionHost]);
    for (const { id } of control.projects()) control.complete(id);
    await allSavedBut(scene, 0);
    assertPaidOnceSavedOnce(scene, Object.keys(files));
    await assertNothingLogged(scene);
  },
);

crashScenario('the window is reloaded in the middle of an upload and while waiting', async fixtures => {
  const { scene, files } = await prepare(fixtures, 1, 1);
  const { control, window } = scene;
  control.fault({ operation: 'put', ending: '.png', action: { kind: 'hold', atByte: 1000 } });
  control.fault({ operation: 'put', ending: '.wav', action: { kind: 'hold', atByte: 1000 } });
  await scene.submit(headshot, 'heads/01.png');
  await scene.submit(talkingPhoto, 'talks/01.jpg', 'talks/01.wav');
  await until('both uploads to be held', () => scene.held('put').length === 2);
  await window.reload();
  await until(
    'both to wait',
    () => control.projects().length === 2 && readJobs(scene.host).every(({ phase }) => phase === 'waiting'),
  );
  await window.reloadByCommand();
  await window.statusBar.getByText(working('phase.waiting')).waitFor();
  for (const { id } of control.projects()) control.complete(id);
  await allSavedBut(scene, 0);
  assert.equal(control.creates().length, 2);
  assertPaidOnceSavedOnce(scene, Object.keys(files));
  await assertNothingLogged(scene);
});
