import * as vscode from 'vscode';
import type { Log } from '../jobs/ports.ts';
import { withoutSecrets } from './withoutSecrets.ts';

/** Creates the "Magic Hour" output channel. Keys and signed URLs are removed from messages. */
export function createLog(): Log & vscode.Disposable & { show(): void } {
  const channel = vscode.window.createOutputChannel('Magic Hour', { log: true });
  return {
    trace: message => channel.trace(withoutSecrets(message)),
    info: message => channel.info(withoutSecrets(message)),
    warn: message => channel.warn(withoutSecrets(message)),
    error: failure =>
      channel.error(withoutSecrets(typeof failure === 'string' ? failure : describe(failure))),
    show: () => channel.show(),
    dispose: () => channel.dispose(),
  };
}

/** Returns the error's stack and those of its causes, which `Error.stack` leaves out. */
function describe(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${describe(error.cause)}` : '';
  return (error.stack ?? String(error)) + cause;
}
