import { until } from './harness/until.ts';
import { frameOf } from './support/form.ts';
import { scenario, submitButton } from './support/scenario.ts';
import { menuItem, paletteItem } from './support/text.ts';

scenario(
  'the focus goes into a new form, and back to the Explorer when it closes',
  async ({ openSignedIn }) => {
    const window = await openSignedIn();
    await window.explorer.choose('portraits/anna.png', 'Magic Hour', menuItem('createHeadshot'));
    await submitButton(window.form()).waitFor();
    const frame = await frameOf(window.form());
    await until('the focus in the form', () => frame.evaluate(() => document.hasFocus()));

    await window.quickInput.command('View: Close Editor');
    await window.page.locator('.explorer-folders-view .monaco-list:focus').waitFor();

    await window.quickInput.command(paletteItem('createHeadshot'));
    await window.quickInput.pick('anna.png');
    await submitButton(window.form()).waitFor();
    const second = await frameOf(window.form());
    await until('the focus in the second form', () => second.evaluate(() => document.hasFocus()));
  },
);
