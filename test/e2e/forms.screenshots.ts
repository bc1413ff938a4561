import { tools } from '../../src/tools/index.ts';
import { openTool, type ToolInput, videoFile } from './support/openTool.ts';
import { scenario, submit } from './support/scenario.ts';
import { takeScreenshots, takeZoomedScreenshot, themes } from './support/screenshots.ts';
import { aboutCredits, balance, menuItem, paletteItem, text } from './support/text.ts';

/** Turns `imageToVideo` into `image-to-video`. */
const fileName = (id: string) => id.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);

const inAllThemes: ReadonlySet<string> = new Set(['headshot', 'imageGenerator', 'lipSync']);

const inputs: Readonly<Record<string, ToolInput>> = {
  imageEditor: { texts: { prompt: 'Make it evening, with warm light' } },
  imageGenerator: { texts: { prompt: 'A red fox in a birch forest, watercolor' } },
  textToVideo: { texts: { prompt: 'A red fox runs through a snowy forest' } },
  gifGenerator: { texts: { prompt: 'A red fox that waves' } },
  photoColorizer: { files: ['old-photos/ruth.jpg'] },
  qrCode: { texts: { content: 'https://magichour.ai', artStyle: 'Ink Landscape' } },
};

scenario('screenshots of the form of each tool', async ({ openSignedIn }) => {
  const window = await openSignedIn({ files: videoFile });
  await window.clearNotifications();
  for (const tool of tools) {
    if (tool.id === 'talkingPhoto') continue;
    await openTool(window, tool, inputs[tool.id]);
    const name = `${fileName(tool.id)}-form`;
    if (inAllThemes.has(tool.id)) await takeScreenshots(window, name);
    else {
      await takeScreenshots(window, name, { in: ['dark'], widths: ['wide'] });
      await takeScreenshots(window, name, { in: ['light'], widths: ['narrow'] });
    }
    if (inAllThemes.has(tool.id)) await takeZoomedScreenshot(window, name);
    await window.quickInput.command('View: Close All Editors');
  }
});

scenario(
  'screenshots of the menu, the pickers, and the form of a talking photo',
  async ({ openSignedIn }) => {
    const window = await openSignedIn();
    await window.clearNotifications();
    const { explorer, quickInput } = window;
    await takeScreenshots(window, 'menu', {
      widths: ['wide'],
      async show() {
        await explorer.rightClick('portraits/anna.png');
        await explorer.menuItem('Magic Hour').hover();
        await explorer.menuItem(menuItem('createHeadshot')).waitFor();
        return () => explorer.closeMenu();
      },
    });
    const dismiss = () => quickInput.dismiss();
    await takeScreenshots(window, 'create', {
      async show() {
        await quickInput.command(paletteItem('create'));
        await quickInput.waitFor(text('editor.pickTool'));
        return dismiss;
      },
    });
    await takeScreenshots(window, 'choose-file', {
      async show() {
        await quickInput.command(paletteItem('createTalkingPhoto'));
        await quickInput.row('anna.mp3').waitFor();
        return dismiss;
      },
    });

    await explorer.select('portraits/anna.png', 'portraits/ben.jpg', 'portraits/Zoë #1 100%.webp');
    await explorer.choose('portraits/anna.png', 'Magic Hour', menuItem('createHeadshot'));
    await window.form().getByText(balance('150')).waitFor();
    await takeScreenshots(window, 'headshot-batch-form');

    await explorer.select('portraits/anna.png', 'voices/anna.mp3');
    await explorer.choose('voices/anna.mp3', 'Magic Hour', menuItem('createTalkingPhoto'));
    const form = window.form();
    await form.getByLabel(text('field.start'), { exact: true }).fill('2.5');
    await form.getByLabel(text('field.end'), { exact: true }).fill('9.25');
    await form.getByText(aboutCredits('324')).first().waitFor();
    await form.locator('.wave[data-waveform="done"]').waitFor();
    await takeScreenshots(window, 'talking-photo-form');
    await takeZoomedScreenshot(window, 'talking-photo-form');
    await form.getByLabel(text('field.end'), { exact: true }).fill('1');
    await submit(window);
    await form.getByText(text('form.endBeforeStart')).waitFor();
    await takeScreenshots(window, 'talking-photo-mistake', { in: themes });
  },
);
