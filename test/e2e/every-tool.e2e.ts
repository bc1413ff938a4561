import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { tools } from '../../src/tools/index.ts';
import { until } from './harness/until.ts';
import { openTool, resultName, videoFile } from './support/openTool.ts';
import { scenario } from './support/scenario.ts';
import { text } from './support/text.ts';

scenario('every tool creates from its menu or command to the saved result', async ({ api, openSignedIn }) => {
  api.control.setAccount({ credits: 100_000 });
  // Results saved next to the inputs would move the rows of the inputs in the Explorer.
  const window = await openSignedIn({
    files: videoFile,
    settings: { 'magicHour.outputFolder': 'results' },
  });
  for (const tool of tools) {
    await openTool(window, tool);
    // Avoid clicking, because the notification of an earlier result can cover the button.
    await window
      .form()
      .getByRole('button', { name: text(tool.submit), exact: true })
      .press('Enter');
    await until(`the project of ${tool.id}`, () => api.control.projects(tool.id).length === 1);
    await window.quickInput.command('View: Close Editor');
  }
  for (const tool of tools) {
    const name = resultName(tool);
    const [project] = api.control.projects(tool.id);
    const result = await until(`the result ${name}`, () =>
      readFile(window.path('results', name)).catch(() => undefined),
    );
    assert.deepEqual(result, Buffer.from(api.control.resultBytes(project?.id ?? '')), tool.id);
  }
});
