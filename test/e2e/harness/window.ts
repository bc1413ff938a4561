import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { extensionId } from '../../host/extension.ts';
import { kill } from '../../host/process.ts';
import { root } from '../../host/paths.ts';
import { Explorer } from './explorer.ts';
import type { Host } from './host.ts';
import type { Workspace } from './workspace.ts';
import { QuickInput } from './quickInput.ts';
import { until } from './until.ts';

/** Themes for screenshots, with their name in VS Code and the CSS class of the workbench. */
const themes = {
  dark: ['Dark Modern', 'vs-dark'],
  light: ['Light Modern', 'vs'],
  'high-contrast': ['Default High Contrast', 'hc-black'],
  'high-contrast-light': ['Default High Contrast Light', 'hc-light'],
} as const;
export type Theme = keyof typeof themes;

/** The folder for screenshots. They are written to `docs/screenshots` only on request. */
const screenshots =
  process.env['MAGIC_HOUR_SCREENSHOTS'] === 'docs'
    ? join(root, 'docs', 'screenshots')
    : join(root, 'out', 'screenshots');

/** The process IDs of extension hosts that already belong to a window. */
const claimed = new Set<number>();

/** A VS Code window: its page and its extension host. */
export class Window {
  readonly page: Page;
  readonly explorer: Explorer;
  readonly quickInput: QuickInput;
  readonly #host: Host;
  readonly #workspace: Workspace;
  #extensionHost = 0;
  /** How often the extension host was killed since the page was loaded. */
  #kills = 0;

  private constructor(page: Page, host: Host, workspace: Workspace) {
    this.page = page;
    this.#host = host;
    this.#workspace = workspace;
    this.explorer = new Explorer(page, workspace.folder);
    this.quickInput = new QuickInput(page);
  }

  /** Opens a window on the workspace and waits until the extensions are loaded. */
  static async open(context: BrowserContext, host: Host, workspace: Workspace): Promise<Window> {
    const page = await context.newPage();
    // Accepts "Changes you made may not be saved" when a page is closed.
    page.on('dialog', dialog => void dialog.accept());
    const window = new Window(page, host, workspace);
    await page.goto(`${host.url}/?${workspace.query}`);
    await window.#started();
    return window;
  }

  /** Opens a second window on the same workspace; it shares secrets, storage and settings with this one. */
  openAnother(): Promise<Window> {
    return Window.open(this.page.context(), this.#host, this.#workspace);
  }

  /** The absolute path of the workspace folder, or of the parent folder of several workspace folders. */
  get folder(): string {
    return this.#workspace.folder;
  }

  /** The absolute path of a file of the workspace. */
  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /**
   * Waits until the extensions are loaded, and reloads once if they aren't. There are two races in VS Code: if a
   * workbench reads its workspace file before it's connected to the server, it shows no folder. And if a busy server
   * doesn't report within two seconds why an extension host ended (`_getExtensionHostExitInfoWithTimeout`), the
   * workbench doesn't start another one.
   */
  async #started(): Promise<void> {
    await this.#loaded().catch(async () => {
      this.#beforeReload();
      await this.page.reload();
      await this.#loaded();
    });
  }

  /** Ignores all current extension hosts, even one that VS Code has just restarted, because the reload ends them. */
  #beforeReload(): void {
    for (const pid of this.#host.extensionHosts()) claimed.add(pid);
    this.#kills = 0;
  }

  async #loaded(): Promise<void> {
    this.#extensionHost = await until('a new extension host', async () =>
      (await this.#host.readyExtensionHosts()).find(pid => !claimed.has(pid)),
    );
    claimed.add(this.#extensionHost);
    await this.page.locator('.monaco-workbench .explorer-folders-view').waitFor({ timeout: 5000 });
    // Until then, VS Code ignores requests to show a log.
    await this.page.waitForFunction(
      () => performance.getEntriesByName('code/didCreateWorkbenchContributions/3').length > 0,
    );
  }

  /** The page inside the webview of the visible editor. */
  form(): FrameLocator {
    return this.page
      .locator('iframe.webview.ready')
      .filter({ visible: true })
      .last()
      .contentFrame()
      .locator('iframe#active-frame')
      .contentFrame();
  }

  /** The extension's status bar item, which is shown only when there's something to report. */
  get statusBar(): Locator {
    return this.page.locator(`.statusbar-item[id^="${extensionId}"]`);
  }

  /** The notifications that contain `text`. */
  notification(text: string | RegExp = ''): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text });
  }

  /** Closes the notification that contains `text`, because it would cover the corner of the window. */
  async dismissNotification(text: string | RegExp): Promise<void> {
    const notification = this.notification(text);
    await notification.hover();
    await notification.getByRole('button', { name: /^Clear Notification/ }).click();
    await notification.waitFor({ state: 'detached' });
  }

  async clearNotifications(): Promise<void> {
    await this.quickInput.command('Notifications: Clear All Notifications');
    await this.notification().first().waitFor({ state: 'detached' });
  }

  /** A modal dialog of VS Code. */
  dialog(text: string | RegExp = ''): Locator {
    return this.page.locator('.monaco-dialog-box').filter({ hasText: text });
  }

  /** The editor tab with this title. */
  tab(title: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab').filter({ hasText: title });
  }

  /** The titles of all editor tabs. */
  async tabs(): Promise<string[]> {
    return this.page.locator('.tabs-container .tab .label-name').allInnerTexts();
  }

  async setTheme(theme: Theme): Promise<void> {
    const [name, css] = themes[theme];
    await this.quickInput.command('Preferences: Color Theme');
    await this.quickInput.waitFor(/Select Color Theme/);
    await this.quickInput.fill(name);
    await this.quickInput.rows.getByText(name, { exact: true }).first().click();
    await this.quickInput.widget.waitFor({ state: 'hidden' });
    await this.page.locator(`.monaco-workbench.${css}`).waitFor();
  }

  /** Reloads the page as a browser does, so that the workbench loses the state of the last few seconds. */
  async reload(): Promise<void> {
    this.#beforeReload();
    await this.page.reload();
    await this.#started();
  }

  /** Reloads with VS Code's own command, which first saves the state of the workbench. */
  async reloadByCommand(): Promise<void> {
    this.#beforeReload();
    await this.quickInput.command('Developer: Reload Window');
    await this.#started();
  }

  /** Kills the extension host to simulate a crash. */
  crashExtensionHost(): void {
    kill(this.#extensionHost);
    this.#kills++;
  }

  /**
   * Kills the extension host synchronously and waits for the next one. VS Code restarts it twice. The third time, it
   * would ask the user, so this method reloads the window instead.
   */
  async killExtensionHost(): Promise<void> {
    this.crashExtensionHost();
    if (this.#kills > 2) await this.reload();
    else await this.#started();
  }

  /** The process ID of the extension host. */
  get extensionHost(): number {
    return this.#extensionHost;
  }

  /**
   * Takes a screenshot `<name>-<theme>.png` in each theme, or `<name>.png` in the current one.
   * @returns The absolute paths of the files.
   */
  async screenshot(name: string, ...inThemes: Theme[]): Promise<string[]> {
    const files: string[] = [];
    for (const theme of inThemes.length > 0 ? inThemes : [undefined]) {
      if (theme) await this.setTheme(theme);
      const path = join(screenshots, theme ? `${name}-${theme}.png` : `${name}.png`);
      await mkdir(dirname(path), { recursive: true });
      await this.page.screenshot({ path, animations: 'disabled', caret: 'hide' });
      files.push(path);
    }
    return files;
  }

  /** Closes the window as a user does, so that the extension is deactivated. */
  async close(): Promise<void> {
    const closed = this.page.waitForEvent('close');
    await this.page.close({ runBeforeUnload: true });
    await closed;
    await until(
      'the end of the extension host',
      () => !this.#host.extensionHosts().includes(this.#extensionHost),
    );
  }
}
