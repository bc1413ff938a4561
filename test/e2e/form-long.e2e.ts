import assert from 'node:assert/strict';
import { ffmpeg } from '../unit/assets/media.ts';
import { until } from './harness/until.ts';
import { ClipEditor, waitForText } from './support/form.ts';
import { writeSilence } from './support/audio.ts';
import { scenario, submitButton } from './support/scenario.ts';
import { aboutCredits, menuItem, text } from './support/text.ts';

const encoders = {
  mp3: ['-c:a', 'libmp3lame', '-b:a', '96k'],
  m4a: ['-c:a', 'aac', '-b:a', '96k'],
  ogg: ['-c:a', 'libvorbis'],
} as const;
const tenSeconds = ['-f', 'lavfi', '-i', 'sine=frequency=300:sample_rate=44100', '-t', '10'] as const;

scenario(
  'is usable as soon with an hour of WAV, MP3, M4A, FLAC or Ogg as with ten seconds',
  async fixtures => {
    const window = await fixtures.openSignedIn();
    const path = (name: string) => window.path('voices', name);
    // Repeats ten seconds 360 times, which is faster than encoding an hour.
    for (const [extension, codec] of Object.entries(encoders)) {
      await ffmpeg(...tenSeconds, ...codec, path(`short.${extension}`));
      await ffmpeg(
        '-stream_loop',
        '359',
        '-i',
        path(`short.${extension}`),
        '-c',
        'copy',
        path(`hour.${extension}`),
      );
    }
    // FLAC stores its length at the start, so it has to be encoded. WAV is only a header and a sparse file.
    for (const [name, seconds] of Object.entries({ 'short.flac': '10', 'hour.flac': '3600' })) {
      await ffmpeg('-f', 'lavfi', '-i', 'sine=frequency=300:sample_rate=16000', '-t', seconds, path(name));
    }
    await writeSilence(path('short.wav'), 10);
    await writeSilence(path('hour.wav'), 3600);

    await window.explorer.choose('portraits/anna.png', 'Magic Hour', menuItem('createTalkingPhoto'));
    const form = window.form();
    const clip = new ClipEditor(window, form);
    /** Milliseconds from choosing an audio file until the form can be submitted. */
    const timeUntilUsable = async (name: string, end: number): Promise<number> => {
      await form.getByRole('button', { name: text('field.audio'), exact: true }).click();
      await window.quickInput.chooseFile(path(name));
      const start = performance.now();
      await form.locator('[data-input="audio"] .file-name').getByText(name, { exact: true }).waitFor();
      await until(`${name} to be usable`, async () => Math.abs((await clip.times())[1] - end) < 0.1);
      await submitButton(form).and(form.locator(':enabled')).waitFor();
      await clip.startSlider.waitFor();
      return performance.now() - start;
    };
    for (const extension of ['wav', 'flac', ...Object.keys(encoders)]) {
      const short = await timeUntilUsable(`short.${extension}`, 10);
      const hour = await timeUntilUsable(`hour.${extension}`, 300);
      // Allows for a busy machine; a form that read the complete file would take far longer.
      assert.ok(
        hour < 4 * short + 1000,
        `${extension}: ${Math.round(hour)} ms, for ten seconds ${Math.round(short)} ms`,
      );
      await waitForText(form, aboutCredits('14,400'));
      await waitForText(form, text('form.clipOf', { length: '5:00.00', limit: '5:00' }));
      // The clip can be moved before the waveform is complete.
      await clip.startSlider.press('Shift+ArrowRight');
      assert.equal((await clip.times())[0], 1, extension);
      await form.locator('.wave[data-waveform]:not([data-waveform="waiting"])').waitFor();
    }

    // Plays from the middle of the largest file without reading what's before it.
    await form.getByRole('button', { name: text('field.audio'), exact: true }).click();
    await window.quickInput.chooseFile(path('hour.wav'));
    await until('the clip of the WAV', async () => (await clip.times())[0] === 0);
    await clip.end.fill('30:02');
    await clip.start.fill('30:00');
    const play = form.getByRole('button', { name: text('form.playClip') });
    await play.click();
    const position = () =>
      clip.audio.evaluate((audio: HTMLAudioElement) => audio.currentTime + Number(audio.dataset['offset']));
    await until('playback in the middle', async () => (await position()) > 1800.2);
    assert.ok((await position()) < 1803);
  },
  { timeout: 150_000 },
);
