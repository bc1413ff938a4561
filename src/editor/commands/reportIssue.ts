import * as vscode from 'vscode';

/**
 * Opens VS Code's issue reporter with a template. In the browser, the reporter ignores the template, so this opens
 * GitHub's new issue page instead.
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
      // Build the URL as a string, because a Uri would encode the query a second time.
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
