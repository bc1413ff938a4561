import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fill, type MessageArgs } from '../../src/shared/message.ts';
import { type StringKey, strings } from '../../src/shared/strings/index.ts';
import { root } from '../host/paths.ts';
import { resultInForm, focusedForm } from './support/form.ts';
import { key, scenario } from './support/scenario.ts';

const german: Record<string, string> = JSON.parse(
  await readFile(join(root, 'l10n', 'bundle.l10n.de.json'), 'utf8'),
);
const manifest: Record<string, string> = JSON.parse(
  await readFile(join(root, 'package.nls.de.json'), 'utf8'),
);

/** A string in German. */
function inGerman(key: StringKey, args: MessageArgs = {}): string {
  const translation = german[strings[key]];
  assert.ok(translation, `no German for "${strings[key]}"`);
  return fill(translation, args);
}

scenario('shows commands, prompts, the form, messages and jobs in German', async ({ open }) => {
  const window = await open({ locale: 'de' });
  await window.quickInput.command(`Magic Hour: ${manifest['command.setApiKey']}`);
  await window.quickInput.waitFor(inGerman('editor.keyTitle'));
  await window.quickInput.answer(key);
  await window.dismissNotification(inGerman('editor.keyStored'));

  await window.explorer.choose('portraits/anna.png', 'Magic Hour', manifest['command.createHeadshot'] ?? '');
  const form = await focusedForm(window);
  await form.getByLabel(inGerman('field.name'), { exact: true }).fill('Anna');
  assert.equal(await form.locator('html').getAttribute('lang'), 'de');
  await window.screenshot('german-form');
  await form.getByRole('button', { name: inGerman('headshot.submit'), exact: true }).click();
  await resultInForm(window, 'anna-headshot.png');
  await stat(window.path('portraits', 'anna-headshot.png'));

  await window.quickInput.command(`Magic Hour: ${manifest['command.showJobs']}`);
  await window.quickInput.waitFor(inGerman('jobs.title'));
  await window.quickInput.row('anna.png').getByText(inGerman('phase.saved')).waitFor();
});
