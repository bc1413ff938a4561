import * as vscode from 'vscode';
import { actionsFor } from '../../jobs/actions.ts';
import { isAtWork, type JobView } from '../../jobs/job.ts';
import { findTool } from '../../tools/index.ts';
import { actionLabel, titleOf } from '../jobActions.ts';
import { phaseText } from '../phaseText.ts';
import { text, translate } from '../translate.ts';
import { ago } from './ago.ts';
import { groupOf, looksOf, type JobGroup } from './jobGroups.ts';

/** A job as a row of the tree. Its `contextValue` lists its actions, for the `when` clauses of its menu. */
export function jobItem(job: JobView): vscode.TreeItem {
  const item = new vscode.TreeItem(titleOf(job));
  const group = groupOf(job);
  item.id = job.id;
  item.description = descriptionOf(job);
  item.iconPath = iconOf(group);
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

function iconOf(group: JobGroup): vscode.ThemeIcon {
  const { icon, color } = looksOf(group);
  return new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
}

/** What the group above does not say already: the reason or the phase first, because the end is cut off. */
function descriptionOf(job: JobView): string {
  const tool = findTool(job.request.tool);
  const trouble = job.failure ?? job.blocked;
  return [
    trouble ? translate(trouble.message) : isAtWork(job) ? phaseText(job) : undefined,
    tool ? text(tool.title) : job.request.tool,
    job.creditsCharged === undefined ? undefined : text('jobs.credits', { credits: job.creditsCharged }),
    ago(job.endedAt ?? job.createdAt),
  ]
    .filter(part => part !== undefined)
    .join(' · ');
}
