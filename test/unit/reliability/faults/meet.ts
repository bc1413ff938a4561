import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JobView } from '../../../../src/jobs/job.ts';
import { HumanError, fill } from '../../../../src/shared/message.ts';
import { strings } from '../../../../src/shared/strings/index.ts';
import { plainText } from '../../../../src/editor/plainText.ts';
import { startFakeApi } from '../../../fake-api/server.ts';
import { Desk, goodKey, inWords, isAtRest } from '../desk.ts';
import type { Cure, Fault, Outcome, Scene } from './fault.ts';

/** What was seen of a job that met a fault. */
export interface Met {
  readonly outcome: Outcome;
  /** Creates that reached the server, and projects that were made. */
  readonly creates: number;
  readonly projects: number;
  /** Words of what was tried again, shown while it lasted. */
  readonly troubles: readonly string[];
  /** What a person reads in the end, with the label of the button that is offered. */
  readonly words: string;
}

const cures: Readonly<Record<Outcome, Cure>> = {
  'goes on': 'none',
  asks: 'it was made',
  'needs key': 'enter key',
  'ends unpaid': 'retry',
  'ends, goes on free': 'resume',
  ends: 'retry',
  'not started': 'submit again',
};

/** English words leave room for other languages: notifications show no more than twice as much (editor/endNotices.ts). */
const longestNotice = 330;

/**
 * Runs a job into a fault, looks what became of it, then does what a person would do and sees to it that the result is
 * saved: once, with the bytes that were served, for no more creates than were agreed to.
 */
export async function meet(fault: Fault): Promise<Met> {
  const server = await startFakeApi({
    ...fault.server,
    behaviour: { renderMs: { headshot: 20 }, ...fault.server?.behaviour },
  });
  const options = typeof fault.desk === 'function' ? fault.desk(server) : (fault.desk ?? {});
  const desk = await Desk.open(server, options);
  const ends: (() => Promise<void> | void)[] = [];
  const scene: Scene = { server, desk, after: end => void ends.push(end) };
  try {
    const met = await run(fault, scene);
    await desk.assertNoSecrets(fault.secrets);
    await desk.jobs.dispose();
    assert.deepEqual(server.control.takeViolations(), []);
    return met;
  } catch (error) {
    throw new Error(`${String(error)}\n${desk.log.slice(-30).join('\n')}`, { cause: error });
  } finally {
    await desk.close();
    for (const end of ends.toReversed()) await end();
    await server.close();
  }
}

async function run(fault: Fault, scene: Scene): Promise<Met> {
  const { server, desk } = scene;
  const troubles = new Set<string>();
  desk.jobs.onDidChange(job => {
    if (job?.progress?.trouble) troubles.add(plainText(inWords(job.progress.trouble.message)));
  });
  await fault.arrange?.(scene);
  let refused: string | undefined;
  const request = desk.request(fault.request?.(desk));
  const [submitted] = await desk.jobs.submit([request]).catch((error: unknown) => {
    if (!(error instanceof HumanError)) throw error;
    refused = withButton(inWords(error.text), error.suggestedAction);
    return [];
  });
  let job = submitted;
  if (job) {
    await fault.during?.(scene, job.id);
    job = await desk.until(job.id, isAtRest);
  }
  const met: Met = {
    outcome: outcomeOf(job),
    creates: server.control.creates().length,
    projects: server.control.projects().length,
    troubles: [...troubles].map(words => asInLife(words, scene)),
    words: asInLife(refused ?? (job ? lastWords(job) : ''), scene),
  };
  for (const words of [...met.troubles, met.words]) {
    assert.ok(words.length <= longestNotice, `too long for a notification: ${words}`);
    assert.doesNotMatch(words, /\{\w+\}|command:|\]\(|</, 'not plain words');
  }
  await cure(fault, scene, met, job);
  return met;
}

async function cure(fault: Fault, scene: Scene, met: Met, met_: JobView | undefined): Promise<void> {
  const { server, desk } = scene;
  server.control.clearFaults();
  await fault.mend?.(scene);
  let id = met_?.id ?? '';
  const by =
    fault.cure ?? (met.outcome === 'asks' && met.projects === 0 ? 'create again' : cures[met.outcome]);
  if (by === 'none' && met.outcome !== 'goes on') return;
  if (by === 'enter key') {
    desk.key = goodKey;
    await desk.jobs.unblock();
  } else if (by === 'retry') await desk.jobs.retry(id);
  else if (by === 'resume') {
    const folder = join(desk.folder, fault.into ?? '.');
    await mkdir(folder, { recursive: true });
    await desk.jobs.resume(id, { folder: pathToFileURL(folder).href });
  } else if (by === 'it was made') {
    await desk.jobs.answer(id, { projectId: server.control.projects()[0]?.id ?? '' });
  } else if (by === 'create again') await desk.jobs.answer(id, 'createAgain');
  else if (by === 'submit again') id = (await desk.jobs.submit([desk.request()]))[0]?.id ?? '';
  const job = await desk.until(id, isAtRest);
  assert.deepEqual([job.phase, job.failure ?? job.blocked], ['saved', undefined], `not saved after "${by}"`);
  const isElsewhere = job.request.folder !== desk.request().folder;
  await desk.assertSaved(job, isElsewhere ? [] : ['anna.png', ...(fault.into ? [fault.into] : [])]);
  // What was paid for was agreed to: one create for each approval, and one more for each that was refused.
  assert.ok(server.control.projects().length <= job.approval, 'more projects than approvals');
  assert.ok(job.posts - job.refusals <= 1, 'a create too many');
}

function outcomeOf(job: JobView | undefined): Outcome {
  if (!job) return 'not started';
  if (job.phase === 'saved') return 'goes on';
  if (job.phase === 'unknown') return 'asks';
  if (job.blocked) return 'needs key';
  assert.equal(job.phase, 'failed');
  if (job.failure?.resumable) return 'ends, goes on free';
  return job.projectId === undefined ? 'ends unpaid' : 'ends';
}

/** What a notification says when the job has come to rest (editor/endNotices.ts). */
function lastWords(job: JobView): string {
  if (job.phase === 'unknown') return fill(strings['notice.unknown'], { name: 'anna.png' });
  const failure = job.blocked ?? job.failure;
  if (!failure) return '';
  const isUnpaid = job.phase === 'failed' && job.projectId === undefined;
  // A notification begins with what it is about; here the row says that.
  const notice = strings[isUnpaid ? 'notice.failedUnpaid' : 'notice.failed'].replace(/^.*(?=\{reason\})/, '');
  return withButton(
    fill(notice, { reason: plainText(inWords(failure.message), longestNotice) }),
    failure.suggestedAction,
  );
}

const withButton = (words: string, suggestedAction: HumanError['suggestedAction']): string =>
  suggestedAction ? `${words} [${strings[`action.${suggestedAction}`]}]` : words;

/** The names of hosts and folders that a person would see. */
function asInLife(words: string, { server, desk }: Scene): string {
  const named = (url: string) => new URL(url).host;
  return words
    .replaceAll(named(server.apiUrl), 'api.magichour.ai')
    .replaceAll(named(server.storageUrl), 'videos.magichour.ai')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'api.magichour.ai')
    .replaceAll(desk.folder, '/home/anna/pictures');
}
