import { focusedForm } from './support/form.ts';
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JobRecord } from '../../src/jobs/job.ts';
import { kill } from '../host/process.ts';
import { until } from './harness/until.ts';
import type { Window } from './harness/window.ts';
import {
  downloaded,
  holdPollsAndDownloads,
  holdUploadsAndCreates,
  holdUploadUrls,
  reachPollsAndDownloads,
  reachUploadsAndCreates,
  reachUploadUrls,
  reachWaiting,
} from './support/crashPoints.ts';
import { CrashTest, headshot, CrashPoints, talkingPhoto } from './support/crashTest.ts';
import { portraits, talks } from './support/inputs.ts';
import { nameOf, readJobs } from './support/jobRecords.ts';
import { assertNoDuplicates } from './support/assertNoDuplicates.ts';
import { scenario, type ScenarioFixtures } from './support/scenario.ts';
import { saved, text, textLike } from './support/text.ts';

/** Matches the status bar text for two running jobs, regardless of the progress. */
const bothJobs = textLike('status.working', { count: 2 });

/** Timeout and interval in milliseconds for files that exist only briefly. */
const atOnce = [30_000, 1] as const;

/** Never retried in CI, because a wait that times out here can mean a lost result. */
function crashScenario(name: string, body: (fixtures: ScenarioFixtures) => Promise<void>): void {
  scenario(name, body, { canRetry: false });
}

/**
 * Opens a window with files for the given numbers of headshots and talking photos, and lets the test control the clock
 * of the fake API.
 */
async function prepare(fixtures: ScenarioFixtures, heads: number, pairs: number, seconds = 3) {
  const { api, host } = fixtures;
  api.control.configure({ clock: 'manual' });
  api.control.setAccount({ credits: 1_000_000 });
  const files = { ...portraits('heads', heads), ...talks('talks', pairs, seconds) };
  const window = await fixtures.openSignedIn({
    sample: false,
    files,
    settings: { 'magicHour.maxConcurrentJobs': 32 },
  });
  // Makes room for all rows, so that all files can be selected.
  await window.page.setViewportSize({ width: 1280, height: 1300 });
  return { crash: new CrashTest(host, api.control, window), files };
}

/** Asserts that nothing logged an error, which must be true even after a crash. */
async function assertNoErrorLogged({ host }: CrashTest): Promise<void> {
  const ours = [...(await host.readLogs())].filter(([file]) => file.endsWith('Magic Hour.log'));
  assert.ok(ours.length > 0);
  const errors = ours.flatMap(([, text]) => text.split('\n').filter(line => line.includes('[error]')));
  assert.deepEqual(errors, []);
}

/** Looks up a job's phase by the job's name. */
const phaseOf = (crash: CrashTest) => (name: string) =>
  readJobs(crash.host).find(job => nameOf(job) === name)?.phase ?? 'lost';

/** Waits until no job is in progress. Asserts that `asking` jobs need an answer and all others are saved. */
async function assertAllSavedExcept(crash: CrashTest, asking: number): Promise<void> {
  const count = (phase: string) => readJobs(crash.host).filter(job => job.phase === phase).length;
  await until('all jobs to end or ask', () =>
    readJobs(crash.host).every(({ phase }) => endPhases.has(phase)),
  );
  const total = readJobs(crash.host).length;
  assert.deepEqual([count('saved'), count('unknown')], [total - asking, asking], 'saved jobs, asking jobs');
}
const endPhases: ReadonlySet<string> = new Set(['saved', 'unknown', 'failed', 'stopped']);

const expected = {
  // Some of these jobs are killed again later, during their create request.
  'upload-urls not processed': 'saved or unknown',
  'upload-urls without a response': 'saved or unknown',
  'upload of the image not read': 'saved',
  'upload of the image half read': 'saved',
  'upload of the image stored without a response': 'saved',
  'create not processed': 'unknown',
  'create processed, without a response': 'unknown',
  'waiting, queued on the server': 'saved',
  'waiting, rendering on the server': 'saved',
  'waiting, complete on the server': 'saved',
  'poll not processed': 'saved',
  'poll without a response': 'saved',
  'download without a response': 'saved',
  'half downloaded': 'saved',
  'downloaded except for one byte': 'saved',
  'the file name is chosen': 'saved',
  'the file has its name': 'saved',
  'the end is recorded': 'saved',
};

const ofTool = (tool: string, outcomes: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(outcomes).map(([point, outcome]) => [`${tool}: ${point}`, outcome]);

crashScenario(
  'loses nothing, charges nothing twice and saves nothing twice when killed at 39 points in every phase',
  async fixtures => {
    const { crash, files } = await prepare(fixtures, 10, 13);
    const { control, host } = crash;
    const points = new CrashPoints();
    const allCreated = ({ tool }: typeof headshot) =>
      until(`every ${tool} to be created`, () => {
        const jobs = readJobs(host).filter(job => job.request.tool === tool);
        return jobs.every(({ phase }) => phase !== 'queued' && phase !== 'creating');
      });

    control.fault(holdUploadUrls('before'));
    await crash.submit(headshot, 'heads/01.png', 'heads/10.png');
    await reachUploadUrls(crash, points, headshot, 'not processed');
    await crash.kill(holdUploadUrls('after'));

    await reachUploadUrls(crash, points, headshot, 'without a response');
    await crash.kill(...holdUploadsAndCreates(headshot));

    // The talking photos come two kills later, because otherwise the held requests would use all connections.
    const heads = await reachUploadsAndCreates(crash, points, headshot, files);
    control.fault(holdUploadUrls('before'));
    await crash.submit(talkingPhoto, 'talks/01.jpg', 'talks/13.wav');
    await reachUploadUrls(crash, points, talkingPhoto, 'not processed');
    reachWaiting(crash, points, headshot, heads);
    await crash.kill(...holdPollsAndDownloads(crash, heads), holdUploadUrls('after'));

    // Jobs that were killed during their create request also need an answer. If the form isn't visible, a notification
    // asks the user.
    await Promise.any([
      crash.window.notification(textLike('notice.unknown')).first().waitFor(),
      crash.window.form().getByText(text('form.unknownQuestion')).first().waitFor(),
    ]);
    await reachPollsAndDownloads(crash, points, headshot, heads);
    await reachUploadUrls(crash, points, talkingPhoto, 'without a response');
    await crash.kill(...holdUploadsAndCreates(talkingPhoto));

    const talking = await reachUploadsAndCreates(crash, points, talkingPhoto, files);
    await allCreated(headshot);
    reachWaiting(crash, points, talkingPhoto, talking);
    await crash.kill(...holdPollsAndDownloads(crash, talking));

    await reachPollsAndDownloads(crash, points, talkingPhoto, talking);
    await allCreated(talkingPhoto);

    // Saving happens only on disk, so the test watches the files to know when to kill. Each project is completed before
    // a restart, which polls at once, and its download is held until the restart is over.
    const savingPoints: [string, (job: JobRecord) => boolean][] = [
      ['the file name is chosen', job => job.finalizing !== undefined],
      [
        'the file has its name',
        job => job.finalizing !== undefined && existsSync(new URL(job.finalizing.uri)),
      ],
      ['the end is recorded', job => job.phase === 'saved'],
    ];
    const queued = new Set(control.projects().flatMap(({ id, status }) => (status === 'queued' ? [id] : [])));
    for (const tool of [headshot, talkingPhoto]) {
      const jobs = crash.jobsIn('waiting', tool).filter(({ projectId = '' }) => queued.has(projectId));
      for (const [index, [point, isReached]] of savingPoints.entries()) {
        const job = jobs[index] ?? assert.fail('not enough jobs');
        const project = job.projectId ?? '';
        control.complete(project);
        await crash.kill({ operation: 'download', project, times: 'always', action: { kind: 'hold' } });
        await until(`the download for "${point}"`, () => crash.held('download').length > 0);
        control.clearFaults();
        control.release('download');
        await until(
          point,
          () => readJobs(host, job.id).some(now => isReached(now) || now.phase === 'saved'),
          ...atOnce,
        );
        points.reach(`${tool.tool}: ${point}`, nameOf(job));
      }
    }
    for (const { id, status } of control.projects()) if (status !== 'complete') control.complete(id);
    await crash.kill();

    assert.equal(control.creates().length, 23, 'creates');
    await assertAllSavedExcept(crash, 4);
    assert.deepEqual(
      points.outcomes(phaseOf(crash)),
      Object.fromEntries([
        ...ofTool('headshot', expected),
        ...ofTool('talkingPhoto', {
          ...expected,
          'upload of the audio not read': 'saved',
          'upload of the audio half read': 'saved',
          'upload of the audio stored without a response': 'saved',
        }),
      ]),
    );
    assert.equal(control.projects().length, 21, 'projects without the two creates that never arrived');

    await crash.window.statusBar.getByText(text('status.asking', { count: 4 })).waitFor();
    for (const job of readJobs(host).filter(({ phase }) => phase === 'unknown')) await crash.answer(job);
    await assertAllSavedExcept(crash, 0);
    assertNoDuplicates(crash, Object.keys(files));
    await assertNoErrorLogged(crash);
  },
);

crashScenario('loses nothing when killed between submitting and paying', async fixtures => {
  // An audio file so long that only the clip is uploaded.
  const { crash, files } = await prepare(fixtures, 1, 1, 60);
  const { control, host, window } = crash;
  /** Kills the extension host again as soon as the create request is recorded. */
  const killWhenPaying = async (tool: typeof headshot) => {
    await until('upload-urls', () => crash.held('uploadUrls').length > 0);
    control.clearFaults();
    control.release('uploadUrls');
    await until(
      'the record of a create',
      () => crash.jobsIn('creating', tool).length + crash.jobsIn('waiting', tool).length > 0,
      ...atOnce,
    );
    await crash.kill();
  };

  // Makes sure that nothing is created before the kill.
  control.fault(holdUploadUrls('before'));
  await window.explorer.choose('heads/01.png', 'Magic Hour', headshot.menuItem);
  await window
    .form()
    .getByRole('button', { name: text('headshot.submit') })
    .click();
  await until('the first record', () => readJobs(host).length > 0, ...atOnce);
  await crash.kill(holdUploadUrls('after'));
  await killWhenPaying(headshot);

  await window.explorer.select('talks/01.jpg', 'talks/01.wav');
  await window.explorer.choose('talks/01.wav', 'Magic Hour', talkingPhoto.menuItem);
  const form = await focusedForm(window);
  await form.getByLabel(text('field.start'), { exact: true }).fill('0.5');
  await form.getByLabel(text('field.end'), { exact: true }).fill('1.5');
  const before = temporaryFiles(host.globalStorage);
  control.fault(holdUploadUrls('before'));
  await form.getByRole('button', { name: text('talkingPhoto.submit') }).click();
  await until(
    'the record and the cut',
    () => readJobs(host).length === 2 && temporaryFiles(host.globalStorage) > before,
    ...atOnce,
  );
  await crash.kill(holdUploadUrls('after'));
  await killWhenPaying(talkingPhoto);

  for (const { id } of control.projects()) control.complete(id);
  await until('both to be saved or to ask', () =>
    readJobs(host).every(({ phase }) => phase === 'unknown' || phase === 'saved'),
  );
  for (const job of readJobs(host).filter(({ phase }) => phase === 'unknown')) await crash.answer(job);
  await assertAllSavedExcept(crash, 0);
  assertNoDuplicates(crash, Object.keys(files));
  await assertNoErrorLogged(crash);
});

/** The number of temporary files in the extension's storage. */
function temporaryFiles(storage: string): number {
  try {
    const folder = join(storage, 'temporary');
    return readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
      .length;
  } catch {
    return 0;
  }
}

crashScenario('takes over the jobs of another window that is killed for good', async fixtures => {
  const { crash, files } = await prepare(fixtures, 1, 1);
  const { control, host, window } = crash;
  control.fault({ operation: 'put', ending: '.wav', action: { kind: 'hold', atByte: 1000 } });
  await crash.submit(headshot, 'heads/01.png');
  await until('the headshot to wait', () => crash.jobsIn('waiting', headshot).length === 1);
  await crash.submit(talkingPhoto, 'talks/01.jpg', 'talks/01.wav');
  await until('the upload to be held', () => crash.held('put').length === 1);
  const [head] = crash.jobsIn('waiting', headshot);

  const other = await window.openAnother();
  await other.statusBar.getByText(bothJobs).waitFor();
  control.fault({ operation: 'download', action: { kind: 'stall' } });
  control.complete(head?.projectId ?? '');
  await until('the download to stall', () => downloaded(crash, head) > 0);
  await other.statusBar.getByText(bothJobs).waitFor();
  assert.equal(control.creates().length, 1);
  assert.equal(
    control.requests.filter(({ operation }) => operation === 'put').length,
    3,
    'uploads by one window',
  );

  await killForGood(fixtures, window, other);
  await until('the other window to save the headshot', () => phaseOf(crash)('heads/01') === 'saved');
  await until(
    'the other window to create the talking photo',
    () => control.projects('talkingPhoto').length === 1,
  );
  await other.statusBar.getByText(text('phase.waiting')).waitFor();
  control.complete(control.projects('talkingPhoto')[0]?.id ?? '');
  await other.notification(saved('01-talking-photo.mp4')).waitFor();
  await other.statusBar.waitFor({ state: 'detached' });
  assert.equal(control.creates().length, 2);
  assertNoDuplicates({ host, control, window: other }, Object.keys(files));
});

/** Kills a window's extension host and closes its page, which would otherwise start another extension host. */
async function killForGood({ host }: ScenarioFixtures, window: Window, survivor: Window): Promise<void> {
  kill(window.extensionHost);
  await window.page.close();
  await until('only one extension host to remain', () => {
    const others = host.extensionHosts().filter(pid => pid !== survivor.extensionHost);
    for (const pid of others) kill(pid);
    return others.length === 0;
  });
}

crashScenario(
  'finishes a job when the workbench page crashes but the extension host survives',
  async fixtures => {
    const { crash, files } = await prepare(fixtures, 1, 1);
    const { control, window } = crash;
    await crash.submit(headshot, 'heads/01.png');
    await until('the headshot to wait', () => crash.jobsIn('waiting', headshot).length === 1);
    // The window stops responding, but the server keeps the extension host alive in case the window reconnects.
    const devtools = await fixtures.context.newCDPSession(window.page);
    const crashed = window.page.waitForEvent('crash');
    void devtools.send('Page.crash').catch(() => undefined);
    await crashed;
    assert.deepEqual(crash.host.extensionHosts(), [window.extensionHost]);
    for (const { id } of control.projects()) control.complete(id);
    await assertAllSavedExcept(crash, 0);
    assertNoDuplicates(crash, Object.keys(files));
    await assertNoErrorLogged(crash);
  },
);

crashScenario('resumes after the window is reloaded during an upload and while waiting', async fixtures => {
  const { crash, files } = await prepare(fixtures, 1, 1);
  const { control, window } = crash;
  control.fault({ operation: 'put', ending: '.png', action: { kind: 'hold', atByte: 1000 } });
  control.fault({ operation: 'put', ending: '.wav', action: { kind: 'hold', atByte: 1000 } });
  await crash.submit(headshot, 'heads/01.png');
  await crash.submit(talkingPhoto, 'talks/01.jpg', 'talks/01.wav');
  await until('both uploads to be held', () => crash.held('put').length === 2);
  await window.reload();
  await until(
    'both to wait',
    () => control.projects().length === 2 && readJobs(crash.host).every(({ phase }) => phase === 'waiting'),
  );
  await window.reloadByCommand();
  await window.statusBar.getByText(bothJobs).waitFor();
  for (const { id } of control.projects()) control.complete(id);
  await assertAllSavedExcept(crash, 0);
  assert.equal(control.creates().length, 2);
  assertNoDuplicates(crash, Object.keys(files));
  await assertNoErrorLogged(crash);
});
