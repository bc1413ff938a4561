import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { root } from '../../host/paths.ts';
import type { Host, Settings } from './host.ts';

/** The contents of the files that a test writes, by path in the workspace folder. */
export type Files = Record<string, string | Uint8Array>;

export interface WorkspaceOptions {
  /** Whether to start with a copy of `test/sample-workspace`. Defaults to true unless there are `folders`. */
  sample?: boolean;
  /** Files to add. */
  files?: Files;
  /** Several workspace folders with their files, by name, instead of one folder. */
  folders?: Record<string, Files>;
  /** User settings, in addition to those that keep the workbench quiet. */
  settings?: Settings;
  /** The user setting `magicHour.apiUrl`. */
  apiUrl?: string;
}

/** A workspace on disk, and the query of the workbench URL that opens it. */
export interface Workspace {
  folder: string;
  query: string;
}

export const sampleWorkspace = join(root, 'test', 'sample-workspace');

/** Creates a workspace and writes the user settings. */
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
