import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../host/paths.ts';
import { key, scenario } from './support/scenario.ts';

const german: Record<string, string> = JSON.parse(
  await readFile(join(root, 'l10n', 'bundle.l10n.de.json'), 'utf8'),
);
const manifest: Record<string, string> = JSON.parse(
  await readFile(join(root, 'package.nls.de.json'), 'utf8'),
);

/** The German words for English ones, with a file's name in place of what may stand there. */
function deutsch(english: string, name = ''): string {
  const words = german[english];
  assert.ok(words, `no German for "${english}"`);
  return words.replace('{name}', name);
}

scenario('in German: commands, prompts, form, messages and jobs', async ({ open }) => {
  const window = await open({ locale: 'de' });
  await window.quickInput.command(`Magic Hour: ${manifest['command.setApiKey']}`);
  await window.quickInput.waitFor(deutsch('Magic Hour API Key'));
  await window.quickInput.answer(key);
  await window.dismissNotification(deutsch('The Magic Hour API key has been stored.'));

  await window.explorer.choose('portraits/anna.png', 'Magic Hour', manifest['command.createHeadshot'] ?? '');
  const form = window.form();
  await form.getByLabel(deutsch('Name'), { exact: true }).fill('Anna');
  assert.equal(await form.locator('html').getAttribute('lang'), 'de');
  await window.screenshot('german-form');
  await form.getByRole('button', { name: deutsch('Create headshot'), exact: true }).click();
  const saved = deutsch('Saved {name}. {credits} credits were charged.', 'anna-headshot.png');
  await window.notification(saved.replace('{credits}', '50')).waitFor();
  await stat(window.path('portraits', 'anna-headshot.png'));

  await window.quickInput.command(`Magic Hour: ${manifest['command.showJobs']}`);
  await window.quickInput.waitFor(deutsch('Magic Hour Jobs'));
  await window.quickInput.row('anna.png').getByText(deutsch('Saved')).waitFor();
});
