import * as vscode from 'vscode';

/**
 * Opens VS Code's issue reporter for this extension, filled in with what is always asked for. In the browser it takes no
 * text of ours, so there the page of a new issue opens.
 */
export function registerReportIssue(version: string, issues: string): vscode.Disposable {
  return vscode.commands.registerCommand('magicHour.reportIssue', async () => {
    const issueBody = [
      'What did you do?',
      '',
      'What happened, and what did you expect?',
      '',
      `Magic Hour ${version}, VS Code ${vscode.version}, ${vscode.env.remoteName ?? 'local'}, ${vscode.env.appHost}`,
      'Magic Hour: Show Log opens a log without secrets that you can attach.',
    ].join('\n');
    if (vscode.env.uiKind === vscode.UIKind.Web) {
      // As text: a Uri would encode the query a second time.
      const page = `${issues}/new?body=${encodeURIComponent(issueBody)}`;
      await vscode.env.openExternal(vscode.Uri.parse(page));
      return;
    }
    await vscode.commands.executeCommand('workbench.action.openIssueReporter', {
      extensionId: 'magic-hour-for-vscode.magic-hour',
      issueTitle: '',
      issueBody,
    });
  });
}
