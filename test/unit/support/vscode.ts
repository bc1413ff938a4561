import { registerHooks } from 'node:module';
import { readFile, stat } from 'node:fs/promises';
import { posix } from 'node:path';

/** The content of a notification. */
export interface Shown {
  readonly kind: 'error' | 'warning' | 'information';
  readonly words: string;
  readonly buttons: readonly unknown[];
}

export interface StatusBarItem {
  text: string;
  tooltip?: { value: string };
}

/** The parts of VS Code that unit tests need. Importing this file replaces `vscode`. */
export const editor = {
  shown: [] as Shown[],
  opened: [] as string[],
  /** The text that was copied last. */
  copied: undefined as string | undefined,
  /** The button or item that's chosen next, if it's offered. */
  choice: undefined as string | undefined,
  /** Workspace folders by path, or by URI if they are virtual. */
  folders: [] as string[],
  settings: {} as Record<string, unknown>,
  /** The status bar item, if there is one. */
  statusBar: undefined as StatusBarItem | undefined,
  commands: [] as string[],
  /** Registered commands by name. */
  registered: new Map<string, (...args: unknown[]) => unknown>(),
  /** The folder that `showOpenDialog` returns. */
  chosenFolder: undefined as string | undefined,
};

const show =
  (kind: Shown['kind']) =>
  (words: string, ...buttons: readonly unknown[]): Promise<unknown> => {
    editor.shown.push({ kind, words, buttons });
    const { choice } = editor;
    const button = buttons.find(each => each === choice || (each as { title?: string }).title === choice);
    if (choice === undefined || button === undefined) return Promise.resolve();
    editor.choice = undefined;
    return Promise.resolve(button);
  };

class Uri {
  static parse = (text: string): Uri => {
    const [, scheme = '', authority = '', path = '', rest = ''] =
      /^([\w+.-]+):(?:\/\/([^/?#]*))?([^?#]*)(.*)$/s.exec(text) ?? [];
    if (scheme === '') throw new Error(`No scheme in "${text}"`);
    return new Uri(scheme, authority, decodeURIComponent(path), rest);
  };
  static file = (path: string): Uri => new Uri('file', '', path.replaceAll('\\', '/'));
  static joinPath = (uri: Uri, ...parts: string[]): Uri => uri.with({ path: posix.join(uri.path, ...parts) });

  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly rest: string;

  constructor(scheme: string, authority: string, path: string, rest = '') {
    this.scheme = scheme;
    this.authority = authority;
    this.path = path;
    this.rest = rest;
  }

  get fsPath(): string {
    return this.path;
  }

  with({ path }: { path: string }): Uri {
    return new Uri(this.scheme, this.authority, path, this.rest);
  }

  toString(): string {
    const path = this.path.split('/').map(encodeURIComponent).join('/');
    const hasAuthority = this.authority !== '' || this.scheme === 'file';
    return `${this.scheme}:${hasAuthority ? `//${this.authority}` : ''}${path}${this.rest}`;
  }
}

class FileSystemError extends Error {
  readonly code: string;

  constructor(code: string, uri: unknown) {
    super(`${code}: ${String(uri)}`);
    this.code = code;
  }

  static FileNotFound = (uri: unknown) => new FileSystemError('FileNotFound', uri);
  static FileExists = (uri: unknown) => new FileSystemError('FileExists', uri);
}

/**
 * The files of a virtual file system. Like some real ones, it pauses between checking a target and changing it, and
 * `interfere` runs in between.
 */
export const remote = {
  files: new Map<string, Uint8Array>(),
  interfere: undefined as ((operation: string, path: string) => void) | undefined,
  clear(): void {
    remote.files.clear();
    remote.interfere = undefined;
  },
};

async function slowly(operation: string, uri: Uri): Promise<void> {
  await new Promise(resolve => setImmediate(resolve));
  remote.interfere?.(operation, uri.path);
  await new Promise(resolve => setImmediate(resolve));
}

const fs = {
  async stat(uri: Uri) {
    if (uri.scheme === 'file') {
      const { size, mtimeMs } = await stat(uri.path).catch(() => {
        throw FileSystemError.FileNotFound(uri);
      });
      return { type: 1, ctime: 0, mtime: mtimeMs, size };
    }
    await slowly('stat', uri);
    const bytes = remote.files.get(uri.path);
    if (!bytes) throw FileSystemError.FileNotFound(uri);
    return { type: 1, ctime: 0, mtime: 0, size: bytes.length };
  },
  async readFile(uri: Uri) {
    if (uri.scheme === 'file') return readFile(uri.path);
    await slowly('readFile', uri);
    const bytes = remote.files.get(uri.path);
    if (!bytes) throw FileSystemError.FileNotFound(uri);
    return bytes;
  },
  createDirectory: () => Promise.resolve(),
  async writeFile(uri: Uri, bytes: Uint8Array) {
    remote.files.set(uri.path, bytes.subarray(0, bytes.length / 2));
    await slowly('writeFile', uri);
    remote.files.set(uri.path, bytes);
  },
  async rename(from: Uri, to: Uri, { overwrite = false } = {}) {
    await slowly('rename', from);
    const bytes = remote.files.get(from.path);
    if (!bytes) throw FileSystemError.FileNotFound(from);
    if (remote.files.has(to.path) && !overwrite) throw FileSystemError.FileExists(to);
    await slowly('move', to);
    remote.files.set(to.path, bytes);
    remote.files.delete(from.path);
  },
  async delete(uri: Uri) {
    await slowly('delete', uri);
    if (!remote.files.delete(uri.path)) throw FileSystemError.FileNotFound(uri);
  },
  isWritableFileSystem: () => true,
};

class EventEmitter<T> {
  readonly #listeners = new Set<(value: T) => unknown>();
  readonly event = (listener: (value: T) => unknown) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };
  fire(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }
  dispose(): void {
    this.#listeners.clear();
  }
}

class CancellationError extends Error {}

class MarkdownString {
  value = '';
  appendText(text: string): this {
    this.value += text;
    return this;
  }
  appendMarkdown(text: string): this {
    this.value += text;
    return this;
  }
}

class LanguageModelTextPart {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}

class LanguageModelToolResult {
  readonly content: readonly unknown[];
  constructor(content: readonly unknown[]) {
    this.content = content;
  }
}

const folderOf = (path: string) =>
  editor.folders.find(folder => path === folder || path.startsWith(`${folder}/`));

const vscode = {
  window: {
    showErrorMessage: show('error'),
    showWarningMessage: show('warning'),
    showInformationMessage: show('information'),
    showQuickPick: (items: readonly { label: string }[]) =>
      Promise.resolve(items.find(({ label }) => label === editor.choice)),
    createStatusBarItem: () =>
      (editor.statusBar = {
        text: '',
        show() {},
        dispose: () => void (editor.statusBar = undefined),
      } as StatusBarItem),
    showOpenDialog: () =>
      Promise.resolve(editor.chosenFolder === undefined ? undefined : [Uri.file(editor.chosenFolder)]),
  },
  workspace: {
    fs,
    isTrusted: true,
    get workspaceFolders() {
      return editor.folders.map(folder => ({
        uri: folder.includes('://') ? Uri.parse(folder) : Uri.file(folder),
      }));
    },
    getWorkspaceFolder: ({ path }: Uri) => {
      const folder = folderOf(path);
      return folder === undefined ? undefined : { uri: Uri.file(folder) };
    },
    asRelativePath: (uri: Uri) => {
      const folder = folderOf(uri.path);
      return folder === undefined ? uri.path : posix.relative(folder, uri.path);
    },
    getConfiguration: () => ({ get: (name: string, fallback: unknown) => editor.settings[name] ?? fallback }),
  },
  env: {
    clipboard: {
      writeText: (text: string) => {
        editor.copied = text;
        return Promise.resolve();
      },
    },
    language: 'en',
    openExternal: (uri: unknown) => (editor.opened.push(String(uri)), Promise.resolve(true)),
  },
  commands: {
    executeCommand: (command: string) => (editor.commands.push(command), Promise.resolve()),
    registerCommand(command: string, run: (...args: unknown[]) => unknown) {
      editor.registered.set(command, run);
      return { dispose: () => editor.registered.delete(command) };
    },
  },
  TreeItem: class {
    readonly label: string;
    readonly collapsibleState: number | undefined;
    constructor(label: string, collapsibleState?: number) {
      this.label = label;
      this.collapsibleState = collapsibleState;
    }
  },
  TreeItemCollapsibleState: { None: 0, Collapsed: 1, Expanded: 2 },
  ThemeIcon: class {
    readonly id: string;
    constructor(id: string) {
      this.id = id;
    }
  },
  StatusBarAlignment: { Left: 1 },
  ThemeColor: class {
    readonly id: string;
    constructor(id: string) {
      this.id = id;
    }
  },
  Disposable: class Disposable {
    static from = (...all: { dispose(): unknown }[]) =>
      new Disposable(() => all.forEach(each => each.dispose()));
    readonly dispose: () => unknown;
    constructor(dispose: () => unknown) {
      this.dispose = dispose;
    }
  },
  Uri,
  FileSystemError,
  EventEmitter,
  CancellationError,
  MarkdownString,
  LanguageModelTextPart,
  LanguageModelToolResult,
  l10n: {
    t: (text: string, args: Record<string, string | number> = {}) =>
      text.replace(/\{(\w+)\}/g, (whole, name: string) => String(args[name] ?? whole)),
  },
};
Reflect.set(globalThis, 'vscodeOfTests', vscode);

const source = Object.keys(vscode)
  .map(name => `export const ${name} = globalThis.vscodeOfTests.${name};`)
  .join('');
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode'
      ? { url: `data:text/javascript,${encodeURIComponent(source)}`, format: 'module', shortCircuit: true }
      : next(specifier, context),
});
