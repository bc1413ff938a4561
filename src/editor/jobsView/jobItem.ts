import * as vscode from 'vscode';
import { actionsFor } from '../../jobs/actions.ts';
import { isActive, knownCharge, type JobView } from '../../jobs/job.ts';
import { findTool } from '../../tools/index.ts';
import { actionLabel, titleOf } from '../jobActions.ts';
import { phaseText } from '../phaseText.ts';
import { text, translate } from '../translate.ts';
import { ago } from './ago.ts';
import { groupOf, styleOf, type JobGroup } from './jobGroups.ts';

/** Creates a job's row in the tree. Its `contextValue` lists the job's actions for the `when` clauses of its menu. */
export function jobItem(job: JobView): vscode.TreeItem {
  const item = new vscode.TreeItem(titleOf(job));
  const group = groupOf(job);
  item.id = job.id;
  item.description = descriptionOf(job);
  item.iconPath = iconOf(job, group);
  item.contextValue = actionsFor(job).join(' ');
  item.accessibilityInformation = {
    label: [titleOf(job), text(`group.${group}`), item.description].join(', '),
  };
  const first = job.results[0];
  if (first) {
    item.resourceUri = vscode.Uri.parse(first);
    item.command = { command: 'magicHour.job.open', title: text('action.open'), arguments: [job] };
  } else if (group === 'asking') {
    const action = job.blocked?.suggestedAction ?? 'answer';
    item.command = {
      command: `magicHour.job.${action}`,
      title: actionLabel(action, job),
      arguments: [job],
    };
  }
  return item;
}

/** Returns an icon for the kind of the result, or for the state of a job without one. */
function iconOf(job: JobView, group: JobGroup): vscode.ThemeIcon {
  const kind = findTool(job.request.tool)?.project;
  if (group === 'saved' && kind)
    return new vscode.ThemeIcon(kind === 'video' ? 'device-camera-video' : 'file-media');
  const { icon, color } = styleOf(group);
  return new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
}

/** Starts with the reason for a problem or the phase, because the end of the description may be cut off. */
function descriptionOf(job: JobView): string {
  const tool = findTool(job.request.tool);
  const trouble = job.failure ?? job.blocked;
  return [
    trouble ? translate(trouble.message) : isActive(job) ? phaseText(job) : undefined,
    tool ? text(tool.title) : job.request.tool,
    creditsText(job),
    ago(job.endedAt ?? job.createdAt),
  ]
    .filter(part => part !== undefined)
    .join(' · ');
}

function creditsText(job: JobView): string | undefined {
  const charged = knownCharge(job);
  if (charged !== undefined) return text('jobs.credits', { credits: charged });
  return isActive(job) ? text('hover.estimate', { credits: job.request.estimate.credits }) : undefined;
}
