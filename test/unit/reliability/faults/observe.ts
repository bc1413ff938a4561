import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JobView } from '../../../../src/jobs/job.ts';
import { HumanError, fill } from '../../../../src/shared/message.ts';
import { strings } from '../../../../src/shared/strings/index.ts';
import { plainText } from '../../../../src/editor/plainText.ts';
import { startFakeApi } from '../../../fake-api/server.ts';
import { Harness, goodKey, inWords, isAtRest } from '../harness.ts';
import type { UserAction, Fault, Outcome, Scene } from './fault.ts';

/** The observed behavior of a job that ran into a fault. */
export interface Observation {
  readonly outcome: Outcome;
  /** The number of create requests that reached the server, and the number of projects it created. */
  readonly creates: number;
  readonly projects: number;
  /** Messages shown while the job was retrying. */
  readonly retryMessages: readonly string[];
  /** The final message, with the label of its button. */
  readonly message: string;
}

const userActions: Readonly<Record<Outcome, UserAction>> = {
  recovers: 'none',
  asks: 'confirm created',
  'needs key': 'enter key',
  'ends unpaid': 'retry',
  'ends, resumes free': 'resume',
  ends: 'retry',
  'not started': 'submit again',
};

/** Notifications are cut at 600 characters (editor/jobActions.ts), so that translations fit, too. */
const longestNotice = 330;

/**
 * Runs a job into a fault and records what happens. Then takes the user action and checks that the result is saved
 * exactly once, with the bytes that the server sent, and that no more projects were created than approved.
 */
export async function observe(fault: Fault): Promise<Observation> {
  const server = await startFakeApi({
    ...fault.server,
    behavior: { renderMs: { headshot: 20 }, ...fault.server?.behavior },
  });
  const options = typeof fault.harness === 'function' ? fault.harness(server) : (fault.harness ?? {});
  const harness = await Harness.open(server, options);
  const ends: (() => Promise<void> | void)[] = [];
  const scene: Scene = { server, harness, after: end => void ends.push(end) };
  try {
    const observation = await run(fault, scene);
    await harness.assertNoSecrets(fault.secrets);
    await harness.jobs.dispose();
    assert.deepEqual(server.control.takeViolations(), []);
    return observation;
  } catch (error) {
    throw new Error(`${String(error)}\n${harness.log.slice(-30).join('\n')}`, { cause: error });
  } finally {
    await harness.close();
    for (const end of ends.toReversed()) await end();
    await server.close();
  }
}

async function run(fault: Fault, scene: Scene): Promise<Observation> {
  const { server, harness } = scene;
  const retryMessages = new Set<string>();
  harness.jobs.onDidChange(job => {
    if (job?.progress?.trouble) retryMessages.add(plainText(inWords(job.progress.trouble.message)));
  });
  await fault.arrange?.(scene);
  let refused: string | undefined;
  const request = harness.request(fault.request?.(harness));
  const [submitted] = await harness.jobs.submit([request]).catch((error: unknown) => {
    if (!(error instanceof HumanError)) throw error;
    refused = withButton(inWords(error.text), error.suggestedAction);
    return [];
  });
  let job = submitted;
  if (job) {
    await fault.during?.(scene, job.id);
    job = await harness.until(job.id, isAtRest);
  }
  const observation: Observation = {
    outcome: outcomeOf(job),
    creates: server.control.creates().length,
    projects: server.control.projects().length,
    retryMessages: [...retryMessages].map(message => asShipped(message, scene)),
    message: asShipped(refused ?? (job ? finalMessage(job) : ''), scene),
  };
  for (const message of [...observation.retryMessages, observation.message]) {
    assert.ok(message.length <= longestNotice, `too long for a notification: ${message}`);
    assert.doesNotMatch(message, /\{\w+\}|command:|\]\(|</, 'not plain text');
  }
  await recover(fault, scene, observation, job);
  return observation;
}

/** Takes the user action, then checks that the job is saved. */
async function recover(
  fault: Fault,
  scene: Scene,
  observation: Observation,
  seen: JobView | undefined,
): Promise<void> {
  const { server, harness } = scene;
  server.control.clearFaults();
  await fault.fix?.(scene);
  let id = seen?.id ?? '';
  const action =
    fault.userAction ??
    (observation.outcome === 'asks' && observation.projects === 0
      ? 'create again'
      : userActions[observation.outcome]);
  if (action === 'none' && observation.outcome !== 'recovers') return;
  if (action === 'enter key') {
    harness.key = goodKey;
    await harness.jobs.unblock();
  } else if (action === 'retry') await harness.jobs.retry(id);
  else if (action === 'resume') {
    const folder = join(harness.folder, fault.resumeIn ?? '.');
    await mkdir(folder, { recursive: true });
    await harness.jobs.resume(id, { folder: pathToFileURL(folder).href });
  } else if (action === 'confirm created') {
    await harness.jobs.answer(id, { projectId: server.control.projects()[0]?.id ?? '' });
  } else if (action === 'create again') await harness.jobs.answer(id, 'createAgain');
  else if (action === 'submit again') id = (await harness.jobs.submit([harness.request()]))[0]?.id ?? '';
  const job = await harness.until(id, isAtRest);
  assert.deepEqual(
    [job.phase, job.failure ?? job.blocked],
    ['saved', undefined],
    `not saved after "${action}"`,
  );
  const isElsewhere = job.request.folder !== harness.request().folder;
  await harness.assertSaved(
    job,
    isElsewhere ? [] : ['anna.png', ...(fault.resumeIn ? [fault.resumeIn] : [])],
  );
  // There is at most one project per approval, and a create request is repeated only after a rejection.
  assert.ok(server.control.projects().length <= job.approval, 'more projects than approvals');
  assert.ok(job.posts - job.refusals <= 1, 'a create request too many');
}

function outcomeOf(job: JobView | undefined): Outcome {
  if (!job) return 'not started';
  if (job.phase === 'saved') return 'recovers';
  if (job.phase === 'unknown') return 'asks';
  if (job.blocked) return 'needs key';
  assert.equal(job.phase, 'failed');
  if (job.failure?.resumable) return 'ends, resumes free';
  return job.projectId === undefined ? 'ends unpaid' : 'ends';
}

/** The notification that's shown when the job ends (editor/jobNotifications.ts). */
function finalMessage(job: JobView): string {
  if (job.phase === 'unknown') return fill(strings['notice.unknown'], { name: 'anna.png' });
  const failure = job.blocked ?? job.failure;
  if (!failure) return '';
  const isUnpaid = job.phase === 'failed' && job.projectId === undefined;
  // A notification starts with the file name, but in the document the row already names the fault.
  const notice = strings[isUnpaid ? 'notice.failedUnpaid' : 'notice.failed'].replace(/^.*(?=\{reason\})/, '');
  return withButton(
    fill(notice, { reason: plainText(inWords(failure.message), longestNotice) }),
    failure.suggestedAction,
  );
}

const withButton = (message: string, suggestedAction: HumanError['suggestedAction']): string =>
  suggestedAction ? `${message} [${strings[`action.${suggestedAction}`]}]` : message;

/** Replaces test hosts and folders with realistic ones. */
function asShipped(message: string, { server, harness }: Scene): string {
  const named = (url: string) => new URL(url).host;
  return message
    .replaceAll(named(server.apiUrl), 'api.magichour.ai')
    .replaceAll(named(server.storageUrl), 'videos.magichour.ai')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'api.magichour.ai')
    .replaceAll(harness.folder, '/home/anna/pictures');
}
