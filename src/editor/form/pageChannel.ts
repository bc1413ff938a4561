import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Log } from '../../jobs/ports.ts';
import { HumanError, type Message } from '../../shared/message.ts';
import { pageRequestSchema } from '../../shared/pageRequest.ts';
import type { FormState, HostMessage, PageRequest } from '../../shared/protocol.ts';

/**
 * The host's side of the connection to a form's page. Validates and answers every request, and pushes state after the
 * page has requested it. A page that was hidden or reloaded requests it again.
 */
export class PageChannel implements vscode.Disposable {
  readonly #panel: vscode.WebviewPanel;
  readonly #log: Log;
  readonly #answer: (request: PageRequest) => unknown;
  readonly #subscriptions: vscode.Disposable;
  #isReady = false;
  #isDisposed = false;

  /** @param answer Returns the reply to a request. May throw. */
  constructor(panel: vscode.WebviewPanel, log: Log, answer: (request: PageRequest) => unknown) {
    this.#panel = panel;
    this.#log = log;
    this.#answer = answer;
    this.#subscriptions = vscode.Disposable.from(
      panel.webview.onDidReceiveMessage(message => this.#receive(message)),
      panel.onDidChangeViewState(() => (this.#isReady &&= panel.visible)),
    );
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  push(state: Partial<FormState>): void {
    if (this.#isReady) this.#send({ type: 'state', state });
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#isReady = false;
    this.#subscriptions.dispose();
  }

  async #receive(message: unknown): Promise<void> {
    const parsed = v.safeParse(pageRequestSchema, message);
    if (!parsed.success) {
      this.#log.warn(
        `The form sent an invalid message: ${v.flatten(parsed.issues).root?.join() ?? 'nested'}`,
      );
      const request = (message as { request?: unknown } | undefined)?.request;
      if (typeof request === 'number')
        this.#send({ type: 'failed', request, message: { key: 'error.unexpected' } });
      return;
    }
    const { request, body } = parsed.output;
    if (body.type === 'ready') this.#isReady = true;
    try {
      this.#send({ type: 'reply', request, value: await this.#answer(body) });
    } catch (error) {
      this.#send({ type: 'failed', request, message: this.#messageFor(error) });
    }
  }

  #send(message: HostMessage): void {
    // A closed panel would throw. A hidden page misses the message, but requests the complete state when it's shown.
    if (this.#isDisposed) return;
    void this.#panel.webview.postMessage(message);
  }

  #messageFor(error: unknown): Message {
    if (error instanceof HumanError) return error.text;
    this.#log.error(error instanceof Error ? error : String(error));
    return { key: 'error.unexpected' };
  }
}
