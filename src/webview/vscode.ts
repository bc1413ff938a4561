/** The part of VS Code's webview API that the page uses. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** VS Code lets a page acquire this API only once. */
export const vscode: VsCodeApi = acquireVsCodeApi();
