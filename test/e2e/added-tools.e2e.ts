import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { resultInForm } from './support/form.ts';
import { addedTools } from './support/addedTools.ts';
import { scenario } from './support/scenario.ts';

for (const tool of addedTools) {
  scenario(`creates and saves a result with ${tool.menu}`, async ({ api, openSignedIn }) => {
    const window = await openSignedIn();
    await window.explorer.choose('portraits/ben.jpg', 'Magic Hour', tool.menu);
    const form = window.form();
    await form.getByText(tool.price, { exact: true }).waitFor();
    await form.getByRole('button', { name: tool.button, exact: true }).click();
    await resultInForm(window, tool.result);
    const [project] = api.control.projects(tool.id);
    assert.ok(project);
    assert.deepEqual(
      await readFile(window.path('portraits', tool.result)),
      Buffer.from(api.control.resultBytes(project.id)),
    );
  });
}
