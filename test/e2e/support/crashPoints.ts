import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { JobRecord } from '../../../src/jobs/job.ts';
import type { Fault } from '../../fake-api/faults.ts';
import { until } from '../harness/until.ts';
import type { Files } from '../harness/workspace.ts';
import { isOf, type Cast, type CrashScene, type Points } from './crashScene.ts';
import { nameOf } from './jobRecords.ts';

/** Holds every request for upload addresses. */
export const holdUrls = (when: 'before' | 'after'): Fault => ({
  operation: 'uploadUrls',
  times: 'always',
  action: { kind: 'hold', when },
});

/** Holds three uploads of each kind of file, and two creates. The fake API's client opens 8 connections to a host. */
export const holdMaking = ({ create, endings }: Cast): Fault[] => [
  ...endings.flatMap(ending =>
    ([{}, { atByte: 1000 }, { when: 'after' }] as const).map(
      (how): Fault => ({ operation: 'put', ending, action: { kind: 'hold', ...how } }),
    ),
  ),
  ...(['before', 'after'] as const).map(
    (when): Fault => ({ operation: create, action: { kind: 'hold', when } }),
  ),
];

/** Holds two looks at projects and three downloads. The jobs are those of {@link reachWaiting}. */
export function holdFetching({ control }: CrashScene, jobs: readonly JobRecord[]): Fault[] {
  const [a, b, c, d, e] = jobs.map(({ projectId = '' }) => projectId);
  const size = control.results(e ?? '')[0]?.length ?? 0;
  const look = { operation: 'project', times: 'always' } as const;
  const download = { operation: 'download', times: 'always' } as const;
  return [
    { ...look, project: a ?? '', action: { kind: 'hold' } },
    { ...look, project: b ?? '', action: { kind: 'hold', when: 'after' } },
    { ...download, project: c ?? '', action: { kind: 'hold' } },
    { ...download, project: d ?? '', action: { kind: 'stall' } },
    { ...download, project: e ?? '', action: { kind: 'stall', atByte: size - 1 } },
  ];
}

/** Until requests for addresses of such files are held. */
export async function reachUrls(
  scene: CrashScene,
  points: Points,
  cast: Cast,
  what: 'not processed' | 'not answered',
): Promise<void> {
  await until('upload-urls', () => {
    const requests = scene.held('uploadUrls');
    // Of one that was not processed nothing is known but that it is there.
    const known = JSON.stringify(requests.map(({ body }) => body ?? {}));
    return what === 'not processed'
      ? requests.length > 0
      : cast.endings.every(ending => known.includes(`"${ending.slice(1)}"`));
  });
  points.reach(`${cast.tool}: upload-urls ${what}`, ...scene.at('queued', cast).map(nameOf));
}

/** Until uploads and creates are held and all other jobs of the tool wait for the cloud. Gives five of those. */
export async function reachMaking(
  scene: CrashScene,
  points: Points,
  cast: Cast,
  files: Files,
): Promise<readonly JobRecord[]> {
  const { tool, create, endings } = cast;
  await until(`uploads and creates of ${tool} to be held, and the others to wait`, () => {
    const uploading = heldUploads(scene, files);
    const isHeld = (job: JobRecord) => uploading.some(upload => upload.job === nameOf(job));
    return (
      uploading.length === 3 * endings.length &&
      scene.held(create).length === 2 &&
      scene.at('creating', cast).length === 2 &&
      scene.at('queued', cast).every(isHeld)
    );
  });
  for (const { job, kind, how } of heldUploads(scene, files))
    points.reach(`${tool}: upload of the ${kind} ${how}`, job);
  const made = scene.held(create).map(({ body }) => body ?? {});
  for (const job of scene.at('creating', cast))
    points.reach(
      `${tool}: create ${made.some(body => isOf(job, body)) ? 'processed, not answered' : 'not processed'}`,
      nameOf(job),
    );
  return scene.at('waiting', cast).slice(0, 5);
}

/** Whose uploads are held, and how far they are: no two files have the same length. */
function heldUploads(scene: CrashScene, files: Files) {
  return scene.held('put').map(({ headers, bytes = 0 }) => {
    const length = Number(headers['content-length']);
    const [path = ''] = Object.entries(files).find(([, file]) => file.length === length) ?? [];
    return {
      job: path.replace(/\.\w+$/, ''),
      kind: path.endsWith('.wav') ? 'sound' : 'image',
      how: bytes === 0 ? 'not read' : bytes < length ? 'half read' : 'stored, not answered',
    };
  });
}

/** In the cloud one stays queued, one renders, and three are complete, which nobody here has seen yet. */
export function reachWaiting(
  { control }: CrashScene,
  points: Points,
  { tool }: Cast,
  jobs: readonly JobRecord[],
): void {
  const [queued, rendering, ...complete] = jobs;
  assert.ok(queued && rendering && complete.length === 3);
  points.reach(`${tool}: waiting, queued in the cloud`, nameOf(queued));
  points.reach(`${tool}: waiting, rendering in the cloud`, nameOf(rendering));
  points.reach(`${tool}: waiting, complete in the cloud`, ...complete.map(nameOf));
  control.advance(rendering.projectId ?? '', 'rendering');
  for (const { projectId = '' } of complete) control.complete(projectId);
}

/** Until these five are held at looking and downloading. */
export async function reachFetching(
  scene: CrashScene,
  points: Points,
  { tool }: Cast,
  jobs: readonly JobRecord[],
): Promise<void> {
  const last = jobs[4];
  const size = scene.control.results(last?.projectId ?? '')[0]?.length ?? 0;
  await until(`looks and downloads of ${tool} to be held`, () => {
    const isHeld = jobs.every(({ projectId = '' }) =>
      scene.held().some(({ project, path }) => project === projectId || path.startsWith(`/${projectId}/`)),
    );
    return isHeld && downloaded(scene, last) === size - 1;
  });
  const names = [
    'look not processed',
    'look not answered',
    'download not answered',
    'half downloaded',
    'downloaded but for a byte',
  ];
  for (const [index, name] of names.entries())
    points.reach(`${tool}: ${name}`, nameOf(jobs[index] ?? assert.fail('five jobs')));
}

/** How much of a job's result is on the disk, unfinished; 0 when there is nothing. */
export function downloaded({ window }: CrashScene, job?: JobRecord): number {
  assert.ok(job);
  const folder = window.path(nameOf(job).split('/')[0] ?? '');
  const parts = readdirSync(folder).filter(name => name.startsWith(`.${job.id}-`) && name.endsWith('.part'));
  return Math.max(0, ...parts.map(part => statSync(join(folder, part)).size));
}
