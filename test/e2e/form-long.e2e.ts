import assert from 'node:assert/strict';
import { ffmpeg } from '../unit/assets/media.ts';
import { until } from './harness/until.ts';
import { ClipEditor, waitForText } from './support/form.ts';
import { writeSilence } from './support/audio.ts';
import { scenario, submitButton } from './support/scenario.ts';
import { aboutCredits, menuItem, text } from './support/text.ts';

scenario(
  'is usable with an hour of audio before its waveform is complete, and plays its middle',
  async fixtures => {
    const window = await fixtures.openSignedIn();
    const path = (name: string) => window.path('voices', name);
    await writeSilence(path('hour.wav'), 3600);
    // Repeats ten seconds 360 times, which is faster than encoding an hour.
    const tenSeconds = 'sine=frequency=300:sample_rate=44100:duration=10';
    await ffmpeg('-f', 'lavfi', '-i', tenSeconds, '-b:a', '96k', path('short.mp3'));
    await ffmpeg('-stream_loop', '359', '-i', path('short.mp3'), '-c', 'copy', path('hour.mp3'));

    await window.explorer.choose('portraits/anna.png', 'Magic Hour', menuItem('createTalkingPhoto'));
    const form = window.form();
    const clip = new ClipEditor(window, form);
    const chooseAudio = async (name: string) => {
      await form.getByRole('button', { name: text('field.audio'), exact: true }).click();
      await window.quickInput.chooseFile(path(name));
      await form.locator('[data-input="audio"] .file-name').getByText(name, { exact: true }).waitFor();
      await until(`the clip of ${name}`, async () => {
        const [start, end] = await clip.times();
        return start === 0 && Math.abs(end - 300) < 0.1;
      });
    };
    for (const name of ['hour.mp3', 'hour.wav']) {
      await chooseAudio(name);
      await submitButton(form).and(form.locator(':enabled')).waitFor();
      await waitForText(form, aboutCredits('14,400'));
      await waitForText(form, text('form.clipOf', { length: '5:00.00', limit: '5:00' }));
      // The clip can be moved before the waveform is complete.
      await clip.startSlider.press('Shift+ArrowRight');
      assert.equal((await clip.times())[0], 1, name);
      await form.locator('.wave[data-waveform]:not([data-waveform="waiting"])').waitFor();
    }

    // Playing the middle of the larger file doesn't read the audio before it.
    await clip.end.fill('30:02');
    await clip.start.fill('30:00');
    await form.getByRole('button', { name: text('form.playClip') }).click();
    const position = () =>
      clip.audio.evaluate((audio: HTMLAudioElement) => audio.currentTime + Number(audio.dataset['offset']));
    await until('playback in the middle', async () => (await position()) > 1800.2);
    assert.ok((await position()) < 1803);
  },
);
