import type { Bench } from '../bench.ts';
import { closeEditors, openEditor, untilUsable, type Editor } from '../editor.ts';
import { median, ms, sideBySide, times } from '../figures.ts';
import { hourFormats } from '../media.ts';
import type { Figure, Row } from '../row.ts';

/** The editor with an hour and ten seconds of sound in each format. */
export async function editorWithRecordings(bench: Bench): Promise<Editor> {
  const files: Record<string, string> = {};
  for (const format of hourFormats) {
    files[`voices/hour.${format}`] = await bench.media.hour(format);
    files[`voices/short.${format}`] = await bench.media.sound(format, 10);
  }
  return await openEditor(bench, files);
}

const image = 'portraits/anna.png';

/** The form of a talking photo of a portrait and a recording, by the menu. */
export async function openTalkingPhoto({ window: { explorer } }: Editor, audio: string): Promise<void> {
  await explorer.select(image, audio);
  await explorer.choose(audio, 'Magic Hour', 'Create Talking Photo…');
}

export const form: Row = {
  name: 'form',
  what: 'From the click to a form that can be used',
  reference: 'VS Code’s own image preview of the same file, in the same session',
  method:
    'From the release of the mouse on the menu item until the button can be pressed and the picture is drawn; for the preview, from the second click of a double click until its image is drawn. Both are seen by the same watch inside the page, every 2 ms. The first opening of each, which loads everything, is not counted.',
  async measure(bench) {
    const editor = await editorWithRecordings(bench);
    const { explorer } = editor.window;
    const opening = (ask: () => Promise<void>) => async (): Promise<number> => {
      const took = await untilUsable(editor, ask);
      await closeEditors(editor);
      return took;
    };
    const headshot = opening(() => explorer.choose(image, 'Magic Hour', 'Create AI Headshot…'));
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
        atLeast: '≤ 1.2 ×',
        reached: ours / theirs <= 1.2,
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
        atLeast: '≤ 1.1 ×',
        reached: ratio <= 1.1,
      });
    }
    return figures;
  },
};
