import * as vscode from 'vscode';
import { isAtWork, isEnded, wasPaid, type JobView } from '../../jobs/job.ts';
import { isRepeatable, isResumable } from '../../jobs/transitions.ts';
import { findTool } from '../../tools/index.ts';
import { titleOf } from '../jobActions.ts';
import { phaseText } from '../phaseText.ts';
import { text, translate } from '../translate.ts';
import { ago } from './ago.ts';
import { groupOf, looksOf, type JobGroup } from './jobGroups.ts';

/**
 * A job as a row of the tree. `contextValue` lists what can be done with it as words (`open stop retry …`), for the
 * `when` clauses of its menu.
 */
export function jobItem(job: JobView): vscode.TreeItem {
  const item = new vscode.TreeItem(titleOf(job));
  const group = groupOf(job);
  item.id = job.id;
  item.description = descriptionOf(job);
  item.iconPath = iconOf(group);
  item.contextValue = abilitiesOf(job).join(' ');
  item.accessibilityInformation = {
    label: [titleOf(job), text(`group.${group}`), item.description].join(', '),
  };
  const first = job.results[0];
  if (first) {
    item.resourceUri = vscode.Uri.parse(first);
    item.command = { command: 'magicHour.job.open', title: text('jobs.open'), arguments: [job] };
  } else if (group === 'asking') {
    item.command = { command: 'magicHour.job.answer', title: text('jobs.answer'), arguments: [job] };
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

function abilitiesOf(job: JobView): string[] {
  const paid = wasPaid(job);
  const abilities: Readonly<Record<string, boolean>> = {
    open: job.results.length > 0,
    answer: groupOf(job) === 'asking',
    stop: isAtWork(job),
    resume: isResumable(job),
    retry: isRepeatable(job),
    again: true,
    library: paid,
    delete: paid && !job.deletedOnServer,
    remove: isEnded(job),
  };
  return Object.keys(abilities).filter(name => abilities[name]);
}
