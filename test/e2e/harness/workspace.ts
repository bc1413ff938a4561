import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { root } from '../../host/paths.ts';
import type { Host, Settings } from './host.ts';

/** What stands in files that a test writes, by path below the folder. */
export type Files = Record<string, string | Uint8Array>;

export interface WorkspaceOptions {
  /** Start with a copy of `test/sample-workspace`. Default: true, unless `folders` are given. */
  sample?: boolean;
  /** Files to add. */
  files?: Files;
  /** Several workspace folders by name, each with its files, instead of one folder. */
  folders?: Record<string, Files>;
  /** User settings on top of those that keep the workbench quiet. */
  settings?: Settings;
  /** Where the extension finds the API: `magicHour.apiUrl` in the user settings. */
  apiUrl?: string;
}

/** A workspace on disk, and how to ask for it in the workbench's address. */
export interface Workspace {
  folder: string;
  query: string;
}

export const sampleWorkspace = join(root, 'test', 'sample-workspace');

/** Puts a workspace and the user settings in place. */
export async function createWorkspace(host: Host, options: WorkspaceOptions): Promise<Workspace> {
  const folder = join(await host.newFolder(), 'workspace');
  await mkdir(folder);
  const settings: Settings = { ...options.settings };
  if (options.apiUrl) settings['magicHour.apiUrl'] = options.apiUrl;
  await host.writeSettings(settings);
  if (options.sample ?? !options.folders) await cp(sampleWorkspace, folder, { recursive: true });
  await writeFiles(folder, options.files ?? {});
  if (!options.folders) return { folder, query: `folder=${encodeURIComponent(folder)}` };

  const names = Object.keys(options.folders);
  for (const [name, files] of Object.entries(options.folders)) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFiles(join(folder, name), files);
  }
  const file = join(folder, 'several.code-workspace');
  await writeFile(file, JSON.stringify({ folders: names.map(path => ({ path })) }));
  return { folder, query: `workspace=${encodeURIComponent(file)}` };
}

async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}
