import * as vscode from 'vscode';
import { mayHaveBeenCreated, type Job } from '../jobs/job.ts';
import type { JobService } from '../jobs/jobService.ts';
import { currentPrice, isResumable } from '../jobs/transitions.ts';
import type { Log } from '../jobs/ports.ts';
import { HumanError, type SuggestedAction } from '../shared/message.ts';
import type { LibraryReference } from '../shared/asset.ts';
import { isOfKind } from '../shared/formats.ts';
import type { JobAction } from '../shared/jobAction.ts';
import { toolOf, tools } from '../tools/index.ts';
import type { ProjectKind } from '../tools/tool.ts';
import { nameOf } from './assetName.ts';
import { libraryPage, links } from './links.ts';
import type { SignIn } from './signIn.ts';
import { itemOf } from './pickTool.ts';
import { plainText } from './plainText.ts';
import { text, translate } from './translate.ts';

/** Long enough for all of our own strings in any language. */
export const maxNotificationLength = 600;

export interface JobActionsDependencies {
  readonly jobs: JobService;
  readonly signIn: SignIn;
  readonly log: Pick<Log, 'error'> & { show(): void };
  /** Opens a form with these inputs and settings. */
  readonly openForm: (request: FormRequest) => void;
}

/** The inputs and values to open a form with. */
export type FormRequest = Pick<Job['request'], 'tool' | 'inputs'> &
  Partial<Pick<Job['request'], 'values' | 'clip'>>;

/** Runs the actions of `actionsFor` for the form, the views and the notifications. */
export class JobActions {
  readonly #jobs: JobService;
  readonly #signIn: SignIn;
  readonly #log: JobActionsDependencies['log'];
  readonly #openForm: JobActionsDependencies['openForm'];

  constructor({ jobs, signIn, log, openForm }: JobActionsDependencies) {
    this.#jobs = jobs;
    this.#signIn = signIn;
    this.#log = log;
    this.#openForm = openForm;
  }

  /** Runs a user's action and shows a readable message if it fails. VS Code would show the raw error. */
  async attempt(run: () => unknown, job?: Job): Promise<void> {
    try {
      await run();
    } catch (error) {
      const isHumanError = error instanceof HumanError;
      if (!isHumanError) this.#log.error(error instanceof Error ? error : String(error));
      const words = isHumanError ? translate(error.text) : text('error.unexpected');
      const suggestedAction = isHumanError ? error.suggestedAction : 'showLog';
      const help = suggestedAction && text(`action.${suggestedAction}`);
      const shown = vscode.window.showErrorMessage(
        plainText(words, maxNotificationLength),
        ...(help ? [help] : []),
      );
      // Not awaited, so that the caller doesn't wait for the user. "Try Again" repeats this call instead of retrying
      // the job.
      void shown.then(choice => {
        if (!suggestedAction || choice !== help) return;
        return this.attempt(
          suggestedAction === 'retry' ? run : () => this.suggestedAction(suggestedAction, job),
          job,
        );
      });
    }
  }

  /** @param index The index of the result, for actions on a single result. */
  async perform(action: JobAction, job: Job, index = 0): Promise<void> {
    const uri = job.results[index] === undefined ? undefined : vscode.Uri.parse(job.results[index], true);
    switch (action) {
      case 'answer':
        return this.answer(job);
      case 'open':
        if (uri) await vscode.commands.executeCommand('vscode.open', uri, { preview: false });
        return;
      case 'reveal':
        if (uri) await reveal(uri);
        return;
      case 'openExternal':
        if (uri) await vscode.env.openExternal(uri);
        return;
      case 'copyPath':
        if (uri) await vscode.env.clipboard.writeText(uri.scheme === 'file' ? uri.fsPath : uri.toString());
        return;
      case 'copyMarkdown':
        if (uri) await vscode.env.clipboard.writeText(markdownFor(uri, toolOf(job.request.tool).project));
        return;
      case 'useIn':
        if (uri) await this.#useIn(job, uri);
        return;
      case 'stop':
        return this.#jobs.stop(job.id);
      case 'resume':
        return this.#jobs.resume(job.id);
      case 'retry':
        return this.#retry(job);
      case 'chooseImage':
        return this.#openForm({ ...job.request, inputs: withoutImage(job) });
      case 'createAgain':
        return this.#openForm(job.request);
      case 'deleteOnServer':
        return this.#deleteOnServer(job);
      case 'copyId':
        return vscode.env.clipboard.writeText(job.projectId ?? job.id);
      case 'remove':
        return this.#jobs.remove(job.id);
      default:
        return this.suggestedAction(action, job);
    }
  }

  /** Each attempt needs a new approval, so its price is shown even if nothing has been charged yet. */
  async #retry(job: Job): Promise<void> {
    const why = mayHaveBeenCreated(job)
      ? 'unknown.againWarning'
      : job.projectId === undefined
        ? 'editor.firstPrice'
        : 'editor.retryPrice';
    if ((await mayPay(job, why)) && (await this.#signIn.ensure())) await this.#jobs.retry(job.id);
  }

  async #useIn(job: Job, result: vscode.Uri): Promise<void> {
    const choices = tools.flatMap(tool => {
      const input = tool.inputs.find(({ accepts }) => isOfKind(result.path, accepts));
      return input ? [{ ...itemOf(tool), input }] : [];
    });
    const choice = await vscode.window.showQuickPick(choices, {
      title: text('action.useIn'),
      placeHolder: nameOf({ kind: 'file', uri: result.toString() }),
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (!choice) return;
    // The library lists results by project kind, which may differ from the kind of the result's file.
    const isSameKind = choice.input.accepts === toolOf(job.request.tool).project;
    const library = isSameKind ? libraryReference(job) : undefined;
    const source = { kind: 'file', uri: result.toString(), ...(library && { library }) } as const;
    this.#openForm({ tool: choice.tool.id, inputs: { [choice.input.id]: source } });
  }

  async #deleteOnServer(job: Job): Promise<void> {
    const remove = text('editor.delete');
    const choice = await vscode.window.showWarningMessage(
      text('editor.deleteQuestion', { name: titleOf(job) }),
      { modal: true, detail: text('editor.deleteDetail') },
      remove,
    );
    if (choice === remove) await this.#jobs.deleteOnServer(job.id);
  }

  /** Asks whether a create request that got no response succeeded. Only the user can find out. */
  async answer(job: Job): Promise<void> {
    const choice = await vscode.window.showQuickPick(
      [
        {
          label: text('unknown.openLibrary'),
          detail: text('unknown.openLibrary.detail'),
          answer: 'openLibrary' as const,
        },
        {
          label: text('unknown.created'),
          detail: text('unknown.created.detail'),
          answer: 'created' as const,
        },
        {
          label: text('unknown.again'),
          detail: text('unknown.again.detail', { credits: currentPrice(job.request).credits }),
          answer: 'createAgain' as const,
        },
        {
          label: text('unknown.dismiss'),
          detail: text('unknown.dismiss.detail'),
          answer: 'dismiss' as const,
        },
      ],
      {
        title: text('unknown.title', { name: titleOf(job) }),
        placeHolder: text('unknown.question'),
        ignoreFocusOut: true,
      },
    );
    if (choice?.answer === 'openLibrary') return this.suggestedAction('openLibrary', job);
    if (choice) return this.answerWith(job, choice.answer);
  }

  /** Asks for the project ID, or to confirm the risk of paying twice, if the answer requires it. */
  async answerWith(job: Job, answer: 'created' | 'createAgain' | 'dismiss'): Promise<void> {
    if (answer === 'dismiss') return this.#jobs.answer(job.id, 'dismiss');
    if (answer === 'created') {
      const words = await vscode.window.showInputBox({
        title: text('unknown.created'),
        prompt: text('unknown.idPrompt'),
        ignoreFocusOut: true,
        validateInput: value => (projectIdIn(value) ? undefined : text('unknown.idWrong')),
      });
      const projectId = words === undefined ? undefined : projectIdIn(words);
      if (projectId) await this.#jobs.answer(job.id, { projectId });
      return;
    }
    if (await mayPay(job, 'unknown.againWarning')) await this.#jobs.answer(job.id, 'createAgain');
  }

  async suggestedAction(suggestedAction: SuggestedAction, job?: Job): Promise<void> {
    switch (suggestedAction) {
      case 'setApiKey':
        if (await this.#signIn.ask()) await this.#jobs.unblock();
        return;
      case 'buyCredits':
      case 'viewPlans':
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
        if (job) await this.perform(isResumable(job) ? 'resume' : 'retry', job);
        return;
    }
  }

  async #chooseFolder(job: Job): Promise<void> {
    const folder = await pickFolder();
    if (folder) await this.#jobs.resume(job.id, { folder: folder.toString() });
  }
}

async function mayPay(
  job: Job,
  why: 'editor.firstPrice' | 'editor.retryPrice' | 'unknown.againWarning',
): Promise<boolean> {
  const create = text(why === 'editor.firstPrice' ? 'editor.create' : 'editor.createAgain');
  const question = text('editor.retryQuestion', { name: titleOf(job) });
  const { credits, from } = currentPrice(job.request);
  const tool = text(toolOf(job.request.tool).title);
  const detail = [
    text(why, { credits }),
    ...(from ? [text('agent.confirmFrom', { tool, credits })] : []),
  ].join('\n\n');
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, create)) === create;
}

/** Returns a library reference if the project has only one result, because the URL identifies only the project. */
function libraryReference(job: Job): LibraryReference | undefined {
  const { projectId, stamp, results, deletedOnServer } = job;
  const isThere = projectId !== undefined && !deletedOnServer && results.length === 1;
  return isThere && stamp !== undefined ? { url: libraryPage(job), stamp } : undefined;
}

async function reveal(uri: vscode.Uri): Promise<void> {
  const inWorkspace = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  await vscode.commands.executeCommand(inWorkspace ? 'revealInExplorer' : 'revealFileInOS', uri);
}

/** Returns a Markdown link. In a workspace folder, its path is relative to that folder. */
function markdownFor(uri: vscode.Uri, kind: ProjectKind): string {
  const inWorkspace = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  const target = inWorkspace
    ? vscode.workspace.asRelativePath(uri, false).split('/').map(encodeURIComponent).join('/')
    : uri.toString();
  const name = nameOf({ kind: 'file', uri: uri.toString() }).replace(/[\\[\]]/g, '\\$&');
  return `${kind === 'image' ? '!' : ''}[${name}](${target.replaceAll('(', '%28').replaceAll(')', '%29')})`;
}

/** Returns the inputs of a job except for its image. */
function withoutImage({ request }: Job): Job['request']['inputs'] {
  const image = toolOf(request.tool).inputs.find(({ accepts }) => accepts === 'image');
  return Object.fromEntries(Object.entries(request.inputs).filter(([id]) => id !== image?.id));
}

/** Returns the label for an action's button or menu item. */
export const actionLabel = (action: JobAction, job: Pick<Job, 'projectId'>): string =>
  text(action === 'stop' && job.projectId !== undefined ? 'action.stopWaiting' : `action.${action}`);

/** Returns the settings to show. Proxy and certificate problems are fixed in VS Code's own settings. */
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

/** Returns a title that users recognize: the file name of the first input, or else the text that they entered. */
export function titleOf({ request }: Pick<Job, 'request'>): string {
  const tool = toolOf(request.tool);
  const first = tool.inputs[0];
  const source = first && request.inputs[first.id];
  const typed = String(request.values[tool.namedAfter ?? ''] ?? '');
  return source ? nameOf(source) : typed.slice(0, 60) || text(tool.title);
}

/** Extracts the project ID from text that is either the ID itself or the URL of the project's page in the library. */
export function projectIdIn(words: string): string | undefined {
  const fromAddress = /[?&](?:image|video|audio)Id=([\w-]+)/.exec(words)?.[1];
  return fromAddress ?? /^[\w-]{3,100}$/.exec(words.trim())?.[0];
}
