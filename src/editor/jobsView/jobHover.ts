import * as vscode from 'vscode';
import { knownCharge, type JobView } from '../../jobs/job.ts';
import { isShown } from '../../shared/formats.ts';
import { formatSeconds } from '../../shared/seconds.ts';
import { toolOf } from '../../tools/index.ts';
import { nameOf } from '../assetName.ts';
import { text, translate } from '../translate.ts';

/** Shows a job's inputs, results, settings, and price. File names and prompts are escaped. */
export function jobHover(job: JobView): vscode.MarkdownString {
  const hover = new vscode.MarkdownString();
  const tool = toolOf(job.request.tool);
  const pictures = [...Object.values(job.request.inputs).map(pictureOf), ...job.results.map(resultPicture)];
  const shown = pictures.filter(picture => picture !== undefined);
  if (shown.length > 0) hover.appendMarkdown(`${shown.join(' → ')}\n\n`);
  if (job.failure) hover.appendText(`${translate(job.failure.message)}\n`);
  const line = (label: string, value: string) => {
    hover.appendMarkdown('\n- ');
    hover.appendText(`${label}: ${value}`);
  };
  for (const input of tool.inputs) {
    const source = job.request.inputs[input.id];
    if (source) line(text(input.label), nameOf(source));
  }
  const { clip } = job.request;
  if (clip) line(text('hover.clip'), `${formatSeconds(clip.start)} – ${formatSeconds(clip.end)} s`);
  for (const field of tool.fields) {
    const value = job.request.values[field.id];
    if (value !== undefined) line(text(field.label), String(value));
  }
  const trouble = job.progress?.trouble;
  if (trouble) line(text('hover.trouble'), translate(trouble.message));
  const charged = knownCharge(job);
  line(
    text('hover.price'),
    charged === undefined
      ? text('hover.estimate', { credits: job.request.estimate.credits })
      : text('jobs.credits', { credits: charged }),
  );
  if (job.projectId) line(text('hover.id'), job.projectId);
  if (job.earlierProjects) line(text('hover.earlierIds'), job.earlierProjects.join(', '));
  return hover;
}

function pictureOf(source: { kind: string; uri?: string; url?: string }): string | undefined {
  return source.kind === 'file' && source.uri ? resultPicture(source.uri) : undefined;
}

function resultPicture(uri: string): string | undefined {
  const parsed = vscode.Uri.parse(uri);
  if (
    parsed.scheme !== 'file' ||
    !isShown(parsed.path) ||
    !/\.(png|jpe?g|jfif|webp|avif|bmp)$/i.test(parsed.path)
  )
    return undefined;
  // Use Markdown, because VS Code resolves local images in HTML only in local windows. `toString` encodes special
  // characters.
  return `![](${parsed.toString()}|height=120)`;
}
