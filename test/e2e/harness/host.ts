import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fewExtensions, installCodeServer, startCodeServer } from '../../host/code-server.ts';
import { extensionId, installExtension } from '../../host/extension.ts';
import { extensionHosts, kill, type Service } from '../../host/process.ts';

export type Settings = Record<string, unknown>;

/** Keeps the workbench quiet, so that a test sees only what it caused. */
const quiet: Settings = {
  'security.workspace.trust.enabled': false,
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.reduceMotion': 'on',
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'explorer.compactFolders': false,
  // A click only selects a file and doesn't open it.
  'workbench.list.openMode': 'doubleClick',
  'git.enabled': false,
  'remote.autoForwardPorts': false,
  'window.autoDetectColorScheme': false,
  'window.autoDetectHighContrast': false,
};

/**
 * A VS Code server with the packaged extension, reused by one test after another. {@link Host.reset} clears the
 * server's data (settings, the extension's storage, logs) between tests.
 */
export class Host {
  readonly #service: Service;
  readonly #folder: string;
  readonly url: string;
  #workspaces = 0;

  private constructor(service: Service, folder: string, url: string) {
    this.#service = service;
    this.#folder = folder;
    this.url = url;
  }

  static async start(): Promise<Host> {
    const product = await installCodeServer();
    const extensions = await installExtension(product);
    const folder = await mkdtemp(join(tmpdir(), 'magic-hour-'));
    const { service, url } = await startCodeServer(
      product,
      join(folder, 'data'),
      extensions,
      await fewExtensions(product),
    );
    return new Host(service, folder, url);
  }

  /** Rejects if the server ends without {@link stop}. */
  get failed(): Promise<never> {
    return this.#service.failed;
  }

  /** VS Code's user data: settings, logs, the extensions' storage. */
  get dataFolder(): string {
    return join(this.#folder, 'data');
  }

  /** The extension's `globalStorageUri`. */
  get globalStorage(): string {
    return join(this.dataFolder, 'User', 'globalStorage', extensionId);
  }

  /** A new empty folder for a test's workspace. */
  async newFolder(): Promise<string> {
    const folder = join(this.#folder, `test-${++this.#workspaces}`);
    await mkdir(folder, { recursive: true });
    return folder;
  }

  /** Writes the user settings, which a window reads when it opens. */
  async writeSettings(settings: Settings): Promise<void> {
    const user = join(this.dataFolder, 'User');
    await mkdir(user, { recursive: true });
    await writeFile(join(user, 'settings.json'), JSON.stringify({ ...quiet, ...settings }, null, 2));
  }

  /** Removes everything that earlier tests left: running extension hosts, the extension's storage, and logs. */
  async reset(): Promise<void> {
    for (const pid of this.extensionHosts()) kill(pid);
    for (const folder of [
      this.globalStorage,
      join(this.dataFolder, 'User', 'workspaceStorage'),
      this.#logs,
    ]) {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
    await this.writeSettings({});
  }

  /** The process IDs of the extension hosts, one per window. */
  extensionHosts(): number[] {
    return extensionHosts(this.#service);
  }

  /** The extension hosts that have loaded all extensions and activated the eager ones, according to their own logs. */
  async readyExtensionHosts(): Promise<number[]> {
    const files = await readdir(this.#logs, { recursive: true }).catch(() => []);
    const logs = files.filter(file => file.endsWith('exthost.log')).map(file => join(this.#logs, file));
    const ready = (await Promise.all(logs.map(log => readFile(log, 'utf8'))))
      .filter(text => text.includes('Eager extensions activated'))
      .flatMap(text => [...text.matchAll(/Extension host with pid (\d+) started/g)].slice(-1))
      .map(match => Number(match[1]));
    return ready.length === 0 ? [] : this.extensionHosts().filter(pid => ready.includes(pid));
  }

  /** The contents of all logs since {@link reset}, by path in the log folder. */
  async readLogs(): Promise<Map<string, string>> {
    const logs = new Map([['server output', this.#service.output()]]);
    const entries = await readdir(this.#logs, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries.filter(entry => entry.isFile())) {
      const file = join(entry.parentPath, entry.name);
      logs.set(file.slice(this.#logs.length + 1), await readFile(file, 'utf8'));
    }
    return logs;
  }

  get #logs(): string {
    return join(this.dataFolder, 'logs');
  }

  async stop(): Promise<void> {
    await this.#service.stop();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
