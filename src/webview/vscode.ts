/** The part of VS Code's webview API that the page uses. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** Can only be acquired once per page. */
export const vscode: VsCodeApi = acquireVsCodeApi();
