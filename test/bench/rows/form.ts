import type { Bench } from '../bench.ts';
import { closeEditors, openEditor, timeUntilUsable, type Editor } from '../editor.ts';
import { menuItem } from '../../e2e/support/text.ts';
import { median, ms, sideBySide, times } from '../figures.ts';
import { hourFormats } from '../media.ts';
import type { Figure, Row } from '../row.ts';

/** Opens the editor with an hour-long and a ten-second audio file in each format. */
export async function editorWithAudio(bench: Bench): Promise<Editor> {
  const files: Record<string, string> = {};
  for (const format of hourFormats) {
    files[`voices/hour.${format}`] = await bench.media.hour(format);
    files[`voices/short.${format}`] = await bench.media.audio(format, 10);
  }
  return await openEditor(bench, files);
}

const image = 'portraits/anna.png';

/** Opens the talking photo form for a portrait and an audio file from the context menu. */
export async function openTalkingPhoto({ window: { explorer } }: Editor, audio: string): Promise<void> {
  await explorer.select(image, audio);
  await explorer.choose(audio, 'Magic Hour', menuItem('createTalkingPhoto'));
}

export const form: Row = {
  name: 'form',
  what: 'Time from the click to a usable form',
  reference: 'VS Code’s own image preview of the same file, in the same session',
  method:
    'From the mouse click on the menu item until the button is enabled and the image is shown; for the preview, from the second click of the double-click until its image is shown. The same script in the page checks both every 2 ms. The first time, which loads everything, isn’t counted.',
  async measure(bench) {
    const editor = await editorWithAudio(bench);
    const { explorer } = editor.window;
    const opening = (open: () => Promise<void>) => async (): Promise<number> => {
      const took = await timeUntilUsable(editor, open);
      await closeEditors(editor);
      return took;
    };
    const headshot = opening(() => explorer.choose(image, 'Magic Hour', menuItem('createHeadshot')));
    const preview = opening(() => explorer.open(image));
    await headshot();
    await preview();
    const shown = await sideBySide(11, { headshot, preview });
    const [ours, theirs] = [median(shown.headshot), median(shown.preview)];
    const figures: Figure[] = [
      {
        of: 'headshot of a portrait',
        ours: ms(ours),
        reference: ms(theirs),
        result: times(ours / theirs),
        target: '≤ 1 ×',
        reached: ours / theirs <= 1,
      },
    ];
    await opening(() => openTalkingPhoto(editor, 'voices/short.wav'))();
    for (const format of hourFormats) {
      const [hour, short] = [`voices/hour.${format}`, `voices/short.${format}`];
      const found = await sideBySide(11, {
        hour: opening(() => openTalkingPhoto(editor, hour)),
        short: opening(() => openTalkingPhoto(editor, short)),
      });
      const ratio = median(found.hour) / median(found.short);
      figures.push({
        of: `talking photo, one hour of ${format.toUpperCase()}`,
        ours: ms(median(found.hour)),
        reference: `${ms(median(found.short))} (ten seconds)`,
        result: times(ratio),
        target: '≤ 1.1 ×',
        reached: ratio <= 1.1,
      });
    }
    return figures;
  },
};
