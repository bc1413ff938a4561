import * as vscode from 'vscode';
import { actionsFor } from '../../jobs/actions.ts';
import { knownCharge, type JobView } from '../../jobs/job.ts';
import { isResumable } from '../../jobs/transitions.ts';
import { extensionOf, mediaTypeOf } from '../../shared/formats.ts';
import type { FormJob, ResultView } from '../../shared/protocol.ts';
import { toolOf } from '../../tools/index.ts';
import type { ProjectKind } from '../../tools/tool.ts';
import { titleOf } from '../jobActions.ts';
import { usualSeconds } from '../phaseText.ts';
import { workspaceFiles } from '../workspaceFiles.ts';

/** Converts a job to the representation that its form shows. */
export async function formJob(job: JobView, row: string): Promise<FormJob> {
  const tool = toolOf(job.request.tool);
  const { failure, blocked, request } = job;
  const charged = knownCharge(job);
  // Don't repeat the server's message if ours already quotes it.
  const quoted = Object.values(failure?.message.args ?? {}).includes(failure?.serverWords ?? '')
    ? undefined
    : failure?.serverWords;
  return {
    id: job.id,
    row,
    title: titleOf(job),
    phase: job.progress?.phase ?? job.phase,
    createdAt: job.createdAt,
    medianSeconds: usualSeconds(job),
    estimate: request.estimate.credits,
    resumable: isResumable(job),
    actions: actionsFor(job),
    results: await Promise.all(job.results.map(uri => resultView(uri, tool.project))),
    inputs: request.inputs,
    ...(job.progress?.fraction !== undefined && { fraction: job.progress.fraction }),
    ...(job.createdOnServerAt !== undefined && { createdOnServerAt: job.createdOnServerAt }),
    ...(charged !== undefined && { charged }),
    ...(failure && {
      failure: {
        message: failure.message,
        ...(quoted && { serverWords: quoted }),
        ...(failure.suggestedAction && { suggestedAction: failure.suggestedAction }),
      },
    }),
    ...(blocked && { blocked }),
    ...(job.progress?.trouble && { trouble: job.progress.trouble.message }),
    ...(job.projectId && { projectId: job.projectId }),
    ...(request.clip && { clip: request.clip }),
  };
}

/** Media types of results by file extension. Other image types are the same as for inputs. */
const resultTypes: Readonly<Record<string, string>> = {
  gif: 'image/gif',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
};

async function resultView(uri: string, project: ProjectKind): Promise<ResultView> {
  const path = vscode.Uri.parse(uri).path;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const mediaType = resultTypes[extensionOf(name)] ?? (project === 'video' ? 'video/mp4' : mediaTypeOf(name));
  const stat = await workspaceFiles.stat(uri).catch(() => undefined);
  return {
    name,
    source: { kind: 'file', uri },
    bytes: stat?.bytes ?? 0,
    mediaType,
    // An image project can also create a video, such as an animation in WebM format.
    kind: mediaType.startsWith('video/') ? 'video' : 'image',
  };
}
