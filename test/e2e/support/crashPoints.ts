import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { JobRecord } from '../../../src/jobs/job.ts';
import type { Fault } from '../../fake-api/faults.ts';
import { until } from '../harness/until.ts';
import type { Files } from '../harness/workspace.ts';
import { isOf, type CrashTool, type CrashTest, type CrashPoints } from './crashTest.ts';
import { nameOf } from './jobRecords.ts';

/** Holds every request for upload URLs. */
export const holdUploadUrls = (when: 'before' | 'after'): Fault => ({
  operation: 'uploadUrls',
  times: 'always',
  action: { kind: 'hold', when },
});

/**
 * Holds three uploads of each kind of file, and two create requests. The extension opens at most 8 connections to a
 * host.
 */
export const holdUploadsAndCreates = ({ create, extensions }: CrashTool): Fault[] => [
  ...extensions.flatMap(ending =>
    ([{}, { atByte: 1000 }, { when: 'after' }] as const).map(
      (how): Fault => ({ operation: 'put', ending, action: { kind: 'hold', ...how } }),
    ),
  ),
  ...(['before', 'after'] as const).map(
    (when): Fault => ({ operation: create, action: { kind: 'hold', when } }),
  ),
];

/** Holds two polls and three downloads of the jobs from {@link reachWaiting}. */
export function holdPollsAndDownloads({ control }: CrashTest, jobs: readonly JobRecord[]): Fault[] {
  const [a, b, c, d, e] = jobs.map(({ projectId = '' }) => projectId);
  const size = control.results(e ?? '')[0]?.length ?? 0;
  const poll = { operation: 'project', times: 'always' } as const;
  const download = { operation: 'download', times: 'always' } as const;
  return [
    { ...poll, project: a ?? '', action: { kind: 'hold' } },
    { ...poll, project: b ?? '', action: { kind: 'hold', when: 'after' } },
    { ...download, project: c ?? '', action: { kind: 'hold' } },
    { ...download, project: d ?? '', action: { kind: 'stall' } },
    { ...download, project: e ?? '', action: { kind: 'stall', atByte: size - 1 } },
  ];
}

/** Waits until requests for upload URLs are held. */
export async function reachUploadUrls(
  crash: CrashTest,
  points: CrashPoints,
  tested: CrashTool,
  what: 'not processed' | 'without a response',
): Promise<void> {
  await until('upload-urls', () => {
    const requests = crash.held('uploadUrls');
    // The fake API reads the body only of a request that it processes.
    const known = JSON.stringify(requests.map(({ body }) => body ?? {}));
    return what === 'not processed'
      ? requests.length > 0
      : tested.extensions.every(ending => known.includes(`"${ending.slice(1)}"`));
  });
  points.reach(`${tested.tool}: upload-urls ${what}`, ...crash.jobsIn('queued', tested).map(nameOf));
}

/**
 * Waits until uploads and create requests are held and the tool's other jobs are in the phase `waiting`. Returns
 * five of the waiting jobs.
 */
export async function reachUploadsAndCreates(
  crash: CrashTest,
  points: CrashPoints,
  tested: CrashTool,
  files: Files,
): Promise<readonly JobRecord[]> {
  const { tool, create, extensions } = tested;
  await until(`uploads and creates of ${tool} to be held, and the others to wait`, () => {
    const uploading = heldUploads(crash, files);
    const isHeld = (job: JobRecord) => uploading.some(upload => upload.job === nameOf(job));
    return (
      uploading.length === 3 * extensions.length &&
      crash.held(create).length === 2 &&
      crash.jobsIn('creating', tested).length === 2 &&
      crash.jobsIn('queued', tested).every(isHeld)
    );
  });
  for (const { job, kind, how } of heldUploads(crash, files))
    points.reach(`${tool}: upload of the ${kind} ${how}`, job);
  const processed = crash.held(create).map(({ body }) => body ?? {});
  for (const job of crash.jobsIn('creating', tested))
    points.reach(
      `${tool}: create ${processed.some(body => isOf(job, body)) ? 'processed, without a response' : 'not processed'}`,
      nameOf(job),
    );
  return crash.jobsIn('waiting', tested).slice(0, 5);
}

/** The jobs and the progress of the held uploads. A file is identified by its length, which is unique. */
function heldUploads(crash: CrashTest, files: Files) {
  return crash.held('put').map(({ headers, bytes = 0 }) => {
    const length = Number(headers['content-length']);
    const [path = ''] = Object.entries(files).find(([, file]) => file.length === length) ?? [];
    return {
      job: path.replace(/\.\w+$/, ''),
      kind: path.endsWith('.wav') ? 'audio' : 'image',
      how: bytes === 0 ? 'not read' : bytes < length ? 'half read' : 'stored without a response',
    };
  });
}

/** Before the extension polls, leaves one project queued, lets one render, and completes three. */
export function reachWaiting(
  { control }: CrashTest,
  points: CrashPoints,
  { tool }: CrashTool,
  jobs: readonly JobRecord[],
): void {
  const [queued, rendering, ...complete] = jobs;
  assert.ok(queued && rendering && complete.length === 3);
  points.reach(`${tool}: waiting, queued on the server`, nameOf(queued));
  points.reach(`${tool}: waiting, rendering on the server`, nameOf(rendering));
  points.reach(`${tool}: waiting, complete on the server`, ...complete.map(nameOf));
  control.advance(rendering.projectId ?? '', 'rendering');
  for (const { projectId = '' } of complete) control.complete(projectId);
}

/** Waits until polls and downloads of these five jobs are held. */
export async function reachPollsAndDownloads(
  crash: CrashTest,
  points: CrashPoints,
  { tool }: CrashTool,
  jobs: readonly JobRecord[],
): Promise<void> {
  const last = jobs[4];
  const size = crash.control.results(last?.projectId ?? '')[0]?.length ?? 0;
  await until(`polls and downloads of ${tool} to be held`, () => {
    const isHeld = jobs.every(({ projectId = '' }) =>
      crash.held().some(({ project, path }) => project === projectId || path.startsWith(`/${projectId}/`)),
    );
    return isHeld && downloaded(crash, last) === size - 1;
  });
  const names = [
    'poll not processed',
    'poll without a response',
    'download without a response',
    'half downloaded',
    'downloaded except for one byte',
  ];
  for (const [index, name] of names.entries())
    points.reach(`${tool}: ${name}`, nameOf(jobs[index] ?? assert.fail('five jobs')));
}

/** The size of a job's partial download, or 0 if there's none. */
export function downloaded({ window }: CrashTest, job?: JobRecord): number {
  assert.ok(job);
  const folder = window.path(nameOf(job).split('/')[0] ?? '');
  const parts = readdirSync(folder).filter(name => name.startsWith(`.${job.id}-`) && name.endsWith('.part'));
  return Math.max(0, ...parts.map(part => statSync(join(folder, part)).size));
}
