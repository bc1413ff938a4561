import * as vscode from 'vscode';
import { createAssetPreparation } from '../assets/prepare.ts';
import { createAssetUpload } from '../assets/uploads.ts';
import { systemClock } from '../jobs/clock.ts';
import { JobService } from '../jobs/jobService.ts';
import { AgentTool } from './agents/agentTool.ts';
import { getJobTool } from './agents/getJobTool.ts';
import { ApiKey } from './apiKey.ts';
import { Balance } from './balance.ts';
import { registerCreateCommands } from './commands/create.ts';
import { registerKeyCommands } from './commands/key.ts';
import { registerReportIssue } from './commands/reportIssue.ts';
import { registerShowJobs } from './commands/showJobs.ts';
import { Connection } from './connection.ts';
import { registerWalkthrough } from './walkthrough.ts';
import { Forms } from './form/forms.ts';
import { JobActions } from './jobActions.ts';
import { registerJobNotifications } from './jobNotifications.ts';
import { registerJobsView } from './jobsView/jobsView.ts';
import { JobTree, type JobNode } from './jobsView/jobTree.ts';
import { createLog } from './log.ts';
import { UserState } from './userState.ts';
import { settings } from './settings.ts';
import { SignIn } from './signIn.ts';
import { StatusBar } from './statusBar.ts';
import { tools } from '../tools/index.ts';
import { translate } from './translate.ts';
import { workspaceFiles } from './workspaceFiles.ts';

/** The interface that the placeholders in `eager` call. */
export interface App {
  readonly forms: Forms;
  readonly tree: JobTree;
  languageModelTool(name: string): vscode.LanguageModelTool<Record<string, unknown>>;
  /** Refreshes everything that may have changed while the user was in another window. */
  refresh(): void;
  /** Closes sockets and releases unfinished jobs so that they continue in another window or at the next start. */
  stop(): Promise<void>;
}

/** Creates and registers all components. Loaded for the first command, form, agent call, or unfinished job. */
export function startApp(context: vscode.ExtensionContext, view: vscode.TreeView<JobNode>): App {
  const storage = context.globalStorageUri;
  const inStorage = (...path: string[]) => vscode.Uri.joinPath(storage, ...path).fsPath;
  const version = String(context.extension.packageJSON.version);

  const log = createLog();
  const userState = new UserState(context.globalState, context.workspaceState);
  const key = new ApiKey(context.secrets, log);
  const connection = new Connection(key, log, version);
  const signIn = new SignIn(key, connection, log);
  const balance = new Balance(key, connection, log);
  const api = () => connection.client();
  const jobs = new JobService(
    {
      api,
      assets: createAssetPreparation({
        remoteFiles: workspaceFiles,
        temporaryFolder: inStorage('temporary'),
        log,
      }),
      uploads: createAssetUpload({ api, clock: systemClock }),
      remoteFiles: workspaceFiles,
      clock: systemClock,
      log,
      maxConcurrentJobs: () => settings.maxConcurrentJobs.value,
      notify: message => void vscode.window.showWarningMessage(translate(message)),
    },
    storage.fsPath,
  );
  const actions = new JobActions({ jobs, signIn, log, openForm: request => forms.openWith(request) });
  const forms: Forms = new Forms(
    { extension: context.extensionUri, jobs, actions, signIn, balance, userState, log },
    storage,
  );
  const tree = new JobTree(jobs);
  const statusBar = new StatusBar(jobs, forms);
  const agentDependencies = {
    jobs,
    signIn,
    agentDailyCredits: () => settings.agentDailyCredits.value,
    plan: () => balance.account.plan,
    log,
    temporaryFolder: (name: string) => inStorage('forms', name),
  };

  // Create each agent tool only once, because it remembers confirmations until it is invoked.
  const agentTools = new Map(
    tools.map(tool => [tool.command.replace('.', '_'), new AgentTool(tool, agentDependencies)]),
  );

  const logError = (error: unknown) => log.error(error instanceof Error ? error : String(error));
  const checkJobs = async () => {
    await jobs.refresh();
    const wasUnreadable = jobs.current.some(job => job.blocked?.message.key === 'editor.keyUnreadable');
    if (wasUnreadable && (await key.get().catch(() => undefined))) await jobs.unblock();
  };
  void checkJobs()
    .then(() => forms.sweep())
    .catch(logError);

  context.subscriptions.push(
    log,
    key,
    connection,
    balance,
    forms,
    registerCreateCommands(forms, userState),
    registerKeyCommands(key, signIn, jobs),
    registerShowJobs(jobs, actions, () => statusBar.markSeen()),
    registerReportIssue(version, String(context.extension.packageJSON.bugs.url)),
    vscode.commands.registerCommand('magicHour.showLog', () => log.show()),
    registerJobsView({ view, tree, jobs, actions, userState, balance }),
    statusBar,
    registerJobNotifications(jobs, actions, id => forms.shows(id)),
    view.onDidChangeVisibility(({ visible }) => visible && statusBar.markSeen()),
    registerWalkthrough(key, jobs, userState, context.extensionUri),
  );

  return {
    forms,
    tree,
    languageModelTool: name => agentTools.get(name) ?? getJobTool(jobs),
    refresh() {
      void checkJobs().catch(logError);
      forms.refresh();
    },
    stop: () => jobs.dispose(),
  };
}
