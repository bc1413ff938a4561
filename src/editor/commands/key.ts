import * as vscode from 'vscode';
import type { JobService } from '../../jobs/jobService.ts';
import type { ApiKey } from '../apiKey.ts';
import type { SignIn } from '../signIn.ts';
import { text } from '../translate.ts';

/** Registers "Set API Key…" and "Remove API Key". Jobs waiting for a key continue when one is set in any window. */
export function registerKeyCommands(key: ApiKey, signIn: SignIn, jobs: JobService): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('magicHour.setApiKey', async () => {
      if (await signIn.ask()) void vscode.window.showInformationMessage(text('editor.keyStored'));
    }),
    vscode.commands.registerCommand('magicHour.removeApiKey', async () => {
      await key.remove();
      void vscode.window.showInformationMessage(text('editor.keyRemoved'));
    }),
    key.onDidChange(async () => {
      if (await key.get().catch(() => undefined)) await jobs.unblock();
    }),
  );
}
