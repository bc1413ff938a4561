import { readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { stemFromText } from '../../../src/shared/outputName.ts';
import { requiredInputs, type AssetKind, type Tool } from '../../../src/tools/tool.ts';
import { root } from '../../host/paths.ts';
import type { Window } from '../harness/window.ts';
import { menuItem, text } from './text.ts';

/** A file of each kind, in two folders: the fewer are opened, the fewer rows move away while results arrive. */
const files: Readonly<Record<AssetKind, string>> = {
  image: 'portraits/ben.jpg',
  audio: 'voices/anna.mp3',
  video: 'voices/film.mp4',
};

/** The sample workspace has no video. */
export const videoFile = {
  [files.video]: readFileSync(join(root, 'test', 'fake-api', 'sample.mp4')),
};

const words = 'a red fox';

interface Manifest {
  readonly contributes: {
    readonly menus: Readonly<Record<string, readonly { readonly command?: string }[]>>;
  };
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const inMenu = new Set(manifest.contributes.menus['magicHour.tools']?.map(({ command }) => command));

/**
 * Opens the form of a tool by its menu item, from the list of all tools if the menu is full, or by its command if it
 * doesn't need a file. Fills in what is required.
 */
export async function openTool(window: Window, tool: Tool): Promise<void> {
  const [first, ...others] = requiredInputs(tool).map(({ accepts }) => files[accepts]);
  if (first === undefined) await window.quickInput.command(`Magic Hour: ${text(tool.commandTitle)}`);
  else {
    await window.explorer.select(first, ...others);
    if (inMenu.has(tool.command)) await window.explorer.choose(first, 'Magic Hour', text(tool.commandTitle));
    else {
      await window.explorer.choose(first, 'Magic Hour', menuItem('create'));
      await window.quickInput.answer(text(tool.title));
    }
  }
  const form = window.form();
  for (const field of tool.fields)
    if ('required' in field && field.required)
      await form.getByRole('textbox', { name: text(field.label), exact: true }).fill(words);
  await form.getByRole('button', { name: text(tool.submit), exact: true }).waitFor();
}

/** The file name of the first result. */
export function resultName(tool: Tool): string {
  const [first] = requiredInputs(tool).map(({ accepts }) => files[accepts]);
  const stem = first ? basename(first, extname(first)) : stemFromText(words);
  const format = tool.fields.find(({ wire }) => wire.join('.') === 'output_format');
  const extension = format?.type === 'choice' ? format.default : tool.project === 'image' ? 'png' : 'mp4';
  return `${stem}-${tool.resultSuffix}.${extension}`;
}
