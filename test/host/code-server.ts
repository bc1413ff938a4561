import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { npm } from './npm.ts';
import { installations } from './paths.ts';
import { freePort, type Service, startService } from './process.ts';

/** The code-server release that the tests run on. 4.139.1 contains VS Code 1.139.1. */
export const defaultVersion = process.env['CODE_SERVER_VERSION'] ?? '4.139.1';

/** A complete VS Code (server and web workbench). */
export interface CodeServer {
  version: string;
  /** The Node that runs it. */
  node: string;
  /** code-server's own entry point, which users run. It keeps secrets across reloads, but can't run extension tests. */
  entry: string;
  /** The bare VS Code server, which can run extension tests. */
  serverMain: string;
}

/**
 * Installs code-server from npm into its own folder, once per version. Nothing is compiled, because VS Code works
 * without most native modules (except for the terminal), and JavaScript replaces the others.
 *
 * @throws Error with npm's output if code-server can't be installed.
 */
export async function installCodeServer(version = defaultVersion): Promise<CodeServer> {
  const folder = join(installations, `code-server-${version}`);
  const product = join(folder, 'node_modules', 'code-server');
  const vscode = join(product, 'lib', 'vscode');
  const stamp = join(folder, '.complete');
  if (!existsSync(stamp)) {
    console.log(`Installing code-server ${version} (VS Code in the browser) …`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
    await npm(folder, 'install', `code-server@${version}`);
    await replaceGitDependencies(vscode);
    await npm(vscode, 'install', '--omit=dev');
    await writeFile(stamp, '');
  }
  const { engines } = JSON.parse(await readFile(join(product, 'package.json'), 'utf8'));
  for (const [module, replacement] of Object.entries(replacements)) {
    const target = [join(folder, 'node_modules', module), join(vscode, 'node_modules', module)].find(
      existsSync,
    );
    const { main = 'index.js' } = target
      ? JSON.parse(await readFile(join(target, 'package.json'), 'utf8'))
      : {};
    if (target) await copyFile(join(import.meta.dirname, replacement), join(target, main));
  }
  return {
    version,
    node: await installNode(folder, engines.node),
    entry: join(product, 'out', 'node', 'entry.js'),
    serverMain: join(vscode, 'out', 'server-main.js'),
  };
}

/** The native modules that VS Code needs, and their replacements. */
const replacements = {
  '@vscode/spdlog': 'spdlog.cjs',
  '@vscode/native-watchdog': 'native-watchdog.cjs',
  'native-watchdog': 'native-watchdog.cjs',
  argon2: 'argon2.cjs',
};

/** The Node for a release: the current one, or (for VS Code 1.105) Node 22 from npm in the same folder. */
async function installNode(folder: string, major: string): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const executable = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = join(folder, 'node_modules', name, 'bin', executable);
  if (!existsSync(path)) await npm(folder, 'install', `${name}@${major === '22' ? '22.19.0' : major}`);
  return path;
}

interface Shrinkwrap {
  packages: Record<string, { version: string; resolved?: string; dependencies?: Record<string, string> }>;
}

/** Older releases install a package from GitHub. The same version from npm works without git or access to GitHub. */
async function replaceGitDependencies(folder: string): Promise<void> {
  const [manifestFile, lockFile] = [join(folder, 'package.json'), join(folder, 'npm-shrinkwrap.json')];
  const manifest: { dependencies: Record<string, string> } = JSON.parse(await readFile(manifestFile, 'utf8'));
  const lock: Shrinkwrap = JSON.parse(await readFile(lockFile, 'utf8'));
  for (const [path, { version, resolved }] of Object.entries(lock.packages)) {
    if (!resolved?.startsWith('git')) continue;
    const name = path.slice('node_modules/'.length);
    delete lock.packages[path];
    manifest.dependencies[name] = version;
    (lock.packages['']!.dependencies ??= {})[name] = version;
  }
  await writeFile(manifestFile, JSON.stringify(manifest));
  await writeFile(lockFile, JSON.stringify(lock));
}

/**
 * Starts code-server as users run it, on 127.0.0.1 without a password.
 *
 * @param data VS Code's user data: `User/settings.json`, logs, storage.
 * @param extensions The folder of installed extensions.
 * @param builtInExtensions The folder of built-in extensions, instead of VS Code's own.
 */
export async function startCodeServer(
  product: CodeServer,
  data: string,
  extensions: string,
  builtInExtensions?: string,
): Promise<{ service: Service; url: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [
    product.node,
    product.entry,
    '--auth=none',
    `--bind-addr=127.0.0.1:${port}`,
    `--user-data-dir=${data}`,
    `--extensions-dir=${extensions}`,
    ...(builtInExtensions ? [`--builtin-extensions-dir=${builtInExtensions}`] : []),
    `--config=${join(data, 'config.yaml')}`,
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
    '--ignore-last-opened',
  ];
  return { service: await startService('code-server', args, `${url}/healthz`, noMarketplace), url };
}

/** A folder with the few built-in extensions that the tests need. With all 98, a window takes 50% longer to open. */
export async function fewExtensions({ version, serverMain }: CodeServer): Promise<string> {
  const all = join(dirname(dirname(serverMain)), 'extensions');
  const folder = join(installations, `built-in-extensions-${version}`);
  await mkdir(folder, { recursive: true });
  for (const name of ['theme-defaults', 'theme-seti', 'media-preview', 'markdown-basics']) {
    await symlink(relative(folder, join(all, name)), join(folder, name)).catch(error => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  return folder;
}

/** Keeps VS Code from waiting for a marketplace that it can't reach. */
export const noMarketplace = { EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
