import * as vscode from 'vscode';
import { createAssetPreparation } from '../assets/prepare.ts';
import { createAssetUpload } from '../assets/uploads.ts';
import { createJobs, systemClock } from '../jobs/index.ts';
import { AgentTool } from './agents/agentTool.ts';
import { getJobTool } from './agents/getJobTool.ts';
import { SpendingGuard } from './agents/spending.ts';
import { ApiKey } from './apiKey.ts';
import { Balance } from './balance.ts';
import { registerCreateCommands } from './commands/create.ts';
import { registerKeyCommands } from './commands/key.ts';
import { registerReportIssue } from './commands/reportIssue.ts';
import { registerShowJobs } from './commands/showJobs.ts';
import { Connection } from './connection.ts';
import { registerEndNotices } from './endNotices.ts';
import { registerFirstSteps } from './firstSteps.ts';
import { Forms } from './form/forms.ts';
import { JobActions } from './jobActions.ts';
import { registerJobsView } from './jobsView/jobsView.ts';
import { JobTree, type JobNode } from './jobsView/jobTree.ts';
import { createLog } from './log.ts';
import { Memory } from './memory.ts';
import { settings } from './settings.ts';
import { SignIn } from './signIn.ts';
import { registerStatusBar } from './statusBar.ts';
import { tools } from '../tools/index.ts';
import { workspaceFiles } from './workspaceFiles.ts';

/** What the eager part hands calls on to. */
export interface App {
  readonly forms: Forms;
  readonly tree: JobTree;
  languageModelTool(name: string): vscode.LanguageModelTool<Record<string, unknown>>;
  /** Other windows may have started jobs. */
  refresh(): void;
  /** Sockets are closed; unfinished jobs are free, and go on in another window or at the next start. */
  stop(): Promise<void>;
}

/** Builds the parts and registers the features. Loaded with the first command, form, agent call or unfinished job. */
export function startApp(context: vscode.ExtensionContext, view: vscode.TreeView<JobNode>): App {
  const storage = context.globalStorageUri;
  const inStorage = (...path: string[]) => vscode.Uri.joinPath(storage, ...path).fsPath;
  const version = String(context.extension.packageJSON.version);

  const log = createLog();
  const memory = new Memory(context.globalState, context.workspaceState);
  const key = new ApiKey(context.secrets, log);
  const connection = new Connection(key, log, version);
  const signIn = new SignIn(key, connection, log);
  const balance = new Balance(key, connection, log);
  const api = () => connection.client();
  const jobs = createJobs(
    {
      api,
      assets: createAssetPreparation({
        remoteFiles: workspaceFiles,
        temporaryFolder: inStorage('temporary'),
        log,
      }),
      uploads: createAssetUpload({
        api,
        folder: inStorage('uploads'),
        account: () => key.get(),
        clock: systemClock,
        log,
      }),
      remoteFiles: workspaceFiles,
      clock: systemClock,
      log,
      maxConcurrentJobs: () => settings.maxConcurrentJobs.value,
    },
    storage.fsPath,
  );
  const actions = new JobActions({ jobs, signIn, log, openForm: request => forms.openWith(request) });
  const forms: Forms = new Forms(
    { extension: context.extensionUri, jobs, actions, signIn, balance, memory, log },
    storage,
  );
  const tree = new JobTree(jobs);
  const spending = new SpendingGuard(jobs, () => settings.agentDailyCredits.value);
  const agentParts = {
    jobs,
    signIn,
    spending,
    log,
    temporaryFolder: (name: string) => inStorage('forms', name),
  };

  const refresh = () =>
    void jobs.refresh().catch((error: unknown) => log.error(error instanceof Error ? error : String(error)));
  refresh();

  context.subscriptions.push(
    log,
    key,
    connection,
    balance,
    forms,
    registerCreateCommands(forms, memory),
    registerKeyCommands(key, signIn, jobs),
    registerShowJobs(jobs, actions),
    registerReportIssue(version, String(context.extension.packageJSON.bugs.url)),
    vscode.commands.registerCommand('magicHour.showLog', () => log.show()),
    registerJobsView({ view, tree, jobs, actions, memory, balance }),
    registerStatusBar(jobs),
    registerEndNotices(jobs, actions),
    registerFirstSteps(key, jobs, memory, context.extensionUri),
  );

  return {
    forms,
    tree,
    languageModelTool: name => {
      const tool = tools.find(({ command }) => command.replace('.', '_') === name);
      return tool ? new AgentTool(tool, agentParts) : getJobTool(jobs);
    },
    refresh,
    stop: () => jobs.dispose(),
  };
}
