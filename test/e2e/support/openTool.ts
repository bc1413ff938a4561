import { readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { stemFromText } from '../../../src/shared/outputName.ts';
import { requiredInputs, type AssetKind, type Tool } from '../../../src/tools/tool.ts';
import { root } from '../../host/paths.ts';
import type { Window } from '../harness/window.ts';
import { menuItem, text } from './text.ts';

const video = 'voices/film.mp4';

/** Files of each kind, in the order of the Explorer. */
const files: Readonly<Record<AssetKind, readonly string[]>> = {
  image: ['portraits/ben.jpg', 'portraits/Zoë #1 100%.webp'],
  audio: ['voices/anna.mp3'],
  video: [video],
};

/** A different file for each input that the tool requires. */
const filesOf = (tool: Tool): string[] =>
  requiredInputs(tool).map(({ accepts }, index, inputs) => {
    const nth = inputs.slice(0, index).filter(other => other.accepts === accepts).length;
    const file = files[accepts][nth];
    if (file === undefined) throw new Error(`${tool.id} needs more ${accepts} files than there are here`);
    return file;
  });

/** The sample workspace has no video. */
export const videoFile = {
  [video]: readFileSync(join(root, 'test', 'fake-api', 'sample.mp4')),
};

const words = 'a red fox';

interface Manifest {
  readonly contributes: {
    readonly menus: Readonly<Record<string, readonly { readonly command?: string }[]>>;
  };
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const inMenu = new Set(manifest.contributes.menus['magicHour.tools']?.map(({ command }) => command));

/** Replaces the default inputs, which work for every tool. */
export interface ToolInput {
  readonly files?: readonly string[];
  /** The texts, by field ID. */
  readonly texts?: Readonly<Record<string, string>>;
}

/**
 * Opens the form of a tool by its menu item, from the list of all tools if the menu is full, or by its command if it
 * doesn't need a file. Fills in the required fields.
 */
export async function openTool(window: Window, tool: Tool, { files, texts }: ToolInput = {}): Promise<void> {
  const [first, ...others] = files ?? filesOf(tool);
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
      await form
        .getByRole('textbox', { name: text(field.label), exact: true })
        .fill(texts?.[field.id] ?? words);
  await form.getByRole('button', { name: text(tool.submit), exact: true }).waitFor();
}

/** The file name of the first result. */
export function resultName(tool: Tool): string {
  const [first] = filesOf(tool);
  const stem = first ? basename(first, extname(first)) : stemFromText(words);
  const format = tool.fields.find(({ wire }) => wire.join('.') === 'output_format');
  const extension = format?.type === 'choice' ? format.default : tool.project === 'image' ? 'png' : 'mp4';
  return `${stem}-${tool.resultSuffix}.${extension}`;
}
