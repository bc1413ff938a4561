import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CodeServer } from './code-server.ts';
import { installations, root } from './paths.ts';

export const extensionId = 'magic-hour-for-vscode.magic-hour';

/** The package under test: the one from `npm run package`, or the file named in `MAGIC_HOUR_VSIX`. */
export async function packagedExtension(): Promise<string> {
  const { name, version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const file = process.env['MAGIC_HOUR_VSIX'] ?? join(root, `${name}-${version}.vsix`);
  if (!existsSync(file)) throw new Error(`${file} is missing: run "npm run package".`);
  return file;
}

/** An extensions folder with the package, installed by `--install-extension` once for all hosts. */
export async function installExtension(product: CodeServer): Promise<string> {
  const vsix = await packagedExtension();
  const hash = createHash('sha256')
    .update(await readFile(vsix))
    .digest('hex')
    .slice(0, 12);
  const folder = join(installations, `extensions-${product.version}-${hash}`);
  if (existsSync(folder)) return folder;
  const draft = await mkdtemp(join(installations, 'extensions-'));
  const [extensions, data] = [join(draft, 'extensions'), join(draft, 'data')];
  await promisify(execFile)(product.node, [
    product.entry,
    `--install-extension=${vsix}`,
    `--extensions-dir=${extensions}`,
    `--user-data-dir=${data}`,
    `--config=${join(draft, 'config.yaml')}`,
  ]);
  // Another test file may have installed the extension first.
  await rename(extensions, folder).catch(error => {
    if (!existsSync(folder)) throw error;
  });
  await rm(draft, { recursive: true, force: true });
  return folder;
}
