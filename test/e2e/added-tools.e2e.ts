import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { story } from './support/story.ts';

/** Tools that were added by their definition alone (docs/adding-a-tool.md). */
const added = [
  {
    menu: 'Remove Background…',
    button: 'Remove background',
    price: '5 credits',
    result: 'ben-no-background.png',
    id: 'backgroundRemover',
  },
  {
    menu: 'Colorize Photo…',
    button: 'Colorize photo',
    price: '10 credits',
    result: 'ben-colorized.png',
    id: 'photoColorizer',
  },
] as const;

for (const tool of added) {
  story(`${tool.menu} from the menu to the result`, async ({ api, openSignedIn }) => {
    const window = await openSignedIn();
    await window.explorer.choose('portraits/ben.jpg', 'Magic Hour', tool.menu);
    const form = window.form();
    await form.getByText(tool.price, { exact: true }).waitFor();
    await form.getByRole('button', { name: tool.button, exact: true }).click();
    await window.notification(`Saved ${tool.result}`).waitFor();
    const [project] = api.control.projects(tool.id);
    assert.ok(project);
    assert.deepEqual(
      await readFile(window.path('portraits', tool.result)),
      Buffer.from(api.control.resultBytes(project.id)),
    );
  });
}
