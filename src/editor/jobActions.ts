import * as vscode from 'vscode';
import { mayHaveBeenCreated, type Job } from '../jobs/job.ts';
import type { JobService } from '../jobs/jobService.ts';
import { isResumable } from '../jobs/transitions.ts';
import type { Log } from '../jobs/ports.ts';
import { HumanError, type SuggestedAction } from '../shared/message.ts';
import { toolOf } from '../tools/index.ts';
import { nameOf } from './assetName.ts';
import { libraryPage, links } from './links.ts';
import type { SignIn } from './signIn.ts';
import { plainText } from './plainText.ts';
import { text, translate } from './translate.ts';

/** Room for the longest of our own texts, in any language. */
export const longestWords = 600;

/** What a person can do with a job: the same actions from the form, the lists and the notifications. */
export class JobActions {
  readonly #jobs: JobService;
  readonly #signIn: SignIn;
  readonly #log: Pick<Log, 'error'> & { show(): void };

  constructor(jobs: JobService, signIn: SignIn, log: Pick<Log, 'error'> & { show(): void }) {
    this.#jobs = jobs;
    this.#signIn = signIn;
    this.#log = log;
  }

  /** Does what a person asked for. When that fails they are told why in words; VS Code would show the bare error. */
  async attempt(act: () => unknown, job?: Job): Promise<void> {
    try {
      await act();
    } catch (error) {
      const isForPeople = error instanceof HumanError;
      if (!isForPeople) this.#log.error(error instanceof Error ? error : String(error));
      const words = isForPeople ? translate(error.text) : text('error.unexpected');
      const suggestedAction = isForPeople ? error.suggestedAction : 'showLog';
      const help = suggestedAction && text(`suggestedAction.${suggestedAction}`);
      const shown = vscode.window.showErrorMessage(plainText(words, longestWords), ...(help ? [help] : []));
      // Not waited for: what was asked for is over. To try again is to do the same again, not to pay for the job again.
      void shown.then(choice => {
        if (!suggestedAction || choice !== help) return;
        return this.attempt(
          suggestedAction === 'retry' ? act : () => this.suggestedAction(suggestedAction, job),
          job,
        );
      });
    }
  }

  stop(job: Job): Promise<void> {
    return this.#jobs.stop(job.id);
  }

  resume(job: Job): Promise<void> {
    return this.#jobs.resume(job.id);
  }

  /** What was made once, or may have been, is paid anew: that is asked. */
  async retry(job: Job): Promise<void> {
    if (job.projectId && !(await mayPayAgain(job, 'editor.retryPrice'))) return;
    if (mayHaveBeenCreated(job) && !(await mayPayAgain(job, 'unknown.againWarning'))) return;
    if (await this.#signIn.ensure()) await this.#jobs.retry(job.id);
  }

  async open(job: Job, index = 0): Promise<void> {
    const result = job.results[index];
    if (result) await openBeside(vscode.Uri.parse(result, true));
  }

  async reveal(job: Job, index = 0): Promise<void> {
    const result = job.results[index];
    if (!result) return;
    const uri = vscode.Uri.parse(result, true);
    const inWorkspace = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
    await vscode.commands.executeCommand(inWorkspace ? 'revealInExplorer' : 'revealFileInOS', uri);
  }

  async openExternal(job: Job, index = 0): Promise<void> {
    const result = job.results[index];
    if (result) await vscode.env.openExternal(vscode.Uri.parse(result, true));
  }

  async openLibrary(job: Job): Promise<void> {
    await vscode.env.openExternal(vscode.Uri.parse(libraryPage(job)));
  }

  async deleteOnServer(job: Job): Promise<void> {
    const remove = text('editor.delete');
    const choice = await vscode.window.showWarningMessage(
      text('editor.deleteQuestion', { name: titleOf(job) }),
      { modal: true, detail: text('editor.deleteDetail') },
      remove,
    );
    if (choice === remove) await this.#jobs.deleteOnServer(job.id);
  }

  /** The question of a job whose create got no answer: only a person can say what is true. */
  async answer(job: Job): Promise<void> {
    const choice = await vscode.window.showQuickPick(
      [
        { label: text('unknown.look'), detail: text('unknown.look.detail'), act: 'look' as const },
        { label: text('unknown.made'), detail: text('unknown.made.detail'), act: 'made' as const },
        {
          label: text('unknown.again'),
          detail: text('unknown.again.detail', { credits: job.request.estimate.credits }),
          act: 'createAgain' as const,
        },
        { label: text('unknown.giveUp'), detail: text('unknown.giveUp.detail'), act: 'giveUp' as const },
      ],
      {
        title: text('unknown.title', { name: titleOf(job) }),
        placeHolder: text('unknown.question'),
        ignoreFocusOut: true,
      },
    );
    if (choice?.act === 'look') return this.openLibrary(job);
    if (choice) return this.answerWith(job, choice.act);
  }

  /** Carries out an answer; asks what it still needs: which project, or whether to really pay again. */
  async answerWith(job: Job, answer: 'made' | 'createAgain' | 'giveUp'): Promise<void> {
    if (answer === 'giveUp') return this.#jobs.answer(job.id, 'giveUp');
    if (answer === 'made') {
      const words = await vscode.window.showInputBox({
        title: text('unknown.made'),
        prompt: text('unknown.idPrompt'),
        ignoreFocusOut: true,
        validateInput: value => (projectIdIn(value) ? undefined : text('unknown.idWrong')),
      });
      const projectId = words === undefined ? undefined : projectIdIn(words);
      if (projectId) await this.#jobs.answer(job.id, { projectId });
      return;
    }
    if (await mayPayAgain(job, 'unknown.againWarning')) await this.#jobs.answer(job.id, 'createAgain');
  }

  async suggestedAction(suggestedAction: SuggestedAction, job?: Job): Promise<void> {
    switch (suggestedAction) {
      case 'setApiKey':
        if (await this.#signIn.ask()) await this.#jobs.unblock();
        return;
      case 'buyCredits':
        await vscode.env.openExternal(vscode.Uri.parse(links.pricing));
        return;
      case 'openLibrary':
        await vscode.env.openExternal(vscode.Uri.parse(job ? libraryPage(job) : links.library));
        return;
      case 'openSettings':
        await vscode.commands.executeCommand('workbench.action.openSettings', settingsFor(job));
        return;
      case 'chooseFolder':
        if (job) await this.#chooseFolder(job);
        return;
      case 'showLog':
        this.#log.show();
        return;
      case 'retry':
        // What was paid for is gone on with; only what came to nothing is made anew.
        if (job) await (isResumable(job) ? this.resume(job) : this.retry(job));
        return;
    }
  }

  async #chooseFolder(job: Job): Promise<void> {
    const folder = await pickFolder();
    if (folder) await this.#jobs.resume(job.id, { folder: folder.toString() });
  }
}

async function mayPayAgain(job: Job, why: 'editor.retryPrice' | 'unknown.againWarning'): Promise<boolean> {
  const create = text('editor.createAgain');
  const question = text('editor.retryQuestion', { name: titleOf(job) });
  const detail = text(why, { credits: job.request.estimate.credits });
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, create)) === create;
}

/** Proxy and certificate faults are settled in VS Code's own settings. */
function settingsFor(job: Job | undefined): string {
  const key = (job?.blocked ?? job?.failure)?.message.key ?? '';
  return /^api\.(proxy|network)\./.test(key) ? 'http.' : 'magicHour.';
}

export async function pickFolder(): Promise<vscode.Uri | undefined> {
  const folders = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: text('editor.saveHere'),
    title: text('editor.chooseFolder'),
  });
  return folders?.[0];
}

/** What people know a job by: its first input's file name. */
export function titleOf(job: Pick<Job, 'request'>): string {
  const first = toolOf(job.request.tool).inputs[0];
  const source = first && job.request.inputs[first.id];
  return source ? nameOf(source) : text(toolOf(job.request.tool).title);
}

export async function openBeside(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.open', uri, { preview: false });
}

/** The id itself, or the address of its page in the library. */
export function projectIdIn(words: string): string | undefined {
  const fromAddress = /[?&](?:image|video|audio)Id=([\w-]+)/.exec(words)?.[1];
  return fromAddress ?? /^[\w-]{3,100}$/.exec(words.trim())?.[0];
}
