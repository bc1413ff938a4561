import * as vscode from 'vscode';
import { actionsFor } from '../../jobs/actions.ts';
import { knownCharge, type JobView } from '../../jobs/job.ts';
import { libraryPage } from '../links.ts';
import { plainText } from '../plainText.ts';
import { translate } from '../translate.ts';

/** Describes a job for an agent. */
export function jobReport(job: JobView): object {
  const failure = job.failure ?? job.blocked;
  return {
    job: job.id,
    state: job.phase,
    ...(job.progress?.fraction !== undefined && { percent: Math.floor(job.progress.fraction * 100) }),
    savedFiles: job.results.map(uri => vscode.workspace.asRelativePath(vscode.Uri.parse(uri))),
    creditsCharged: knownCharge(job),
    creditsEstimated: job.request.estimate.credits,
    ...(failure && { problem: plainText(translate(failure.message), 2_000) }),
    ...(job.failure?.serverWords && { serverSaid: plainText(job.failure.serverWords) }),
    personCan: actionsFor(job),
    ...(job.projectId && { library: libraryPage(job) }),
    ...(job.phase === 'unknown' && {
      whatToDo:
        'It isn’t known whether Magic Hour created this. Don’t create it again. Ask the user to answer in VS Code (Magic Hour: Show Jobs).',
    }),
  };
}

export const reply = (content: object): vscode.LanguageModelToolResult =>
  new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify(content, null, 2))]);
