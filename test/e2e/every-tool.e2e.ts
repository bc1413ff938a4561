import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { tools } from '../../src/tools/index.ts';
import { resultInForm } from './support/form.ts';
import { openTool, resultOf, videoFile } from './support/openTool.ts';
import { scenario } from './support/scenario.ts';
import { text } from './support/text.ts';

scenario(
  'every tool creates from its menu or command to the saved result',
  async ({ api, openSignedIn }) => {
    api.control.setAccount({ credits: 100_000 });
    // The results go to one folder, so that the Explorer has room for the files of any number of tools.
    const folder = 'results';
    const window = await openSignedIn({ files: videoFile, settings: { 'magicHour.outputFolder': folder } });
    for (const tool of tools) {
      await openTool(window, tool);
      await window
        .form()
        .getByRole('button', { name: text(tool.submit), exact: true })
        .click();
      const name = resultOf(tool);
      await resultInForm(window, name);
      const [project] = api.control.projects(tool.id);
      assert.ok(project, tool.id);
      assert.deepEqual(
        await readFile(window.path(folder, name)),
        Buffer.from(api.control.resultBytes(project.id)),
      );
      await window.quickInput.command('View: Close Editor');
    }
  },
  { timeout: 240_000 },
);
