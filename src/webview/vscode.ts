/** The part of VS Code's webview API that the page uses. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** Can be acquired once per page only, so everybody takes it from here. */
export const vscode: VsCodeApi = acquireVsCodeApi();
