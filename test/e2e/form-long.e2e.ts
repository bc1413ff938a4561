import assert from 'node:assert/strict';
import { ffmpeg } from '../unit/assets/media.ts';
import { until } from './harness/until.ts';
import { ClipEditor, said } from './support/form.ts';
import { writeSilence } from './support/sounds.ts';
import { scenario, submitButton } from './support/scenario.ts';
import { aboutCredits, menuItem, text } from './support/text.ts';

const encoders = {
  mp3: ['-c:a', 'libmp3lame', '-b:a', '96k'],
  m4a: ['-c:a', 'aac', '-b:a', '96k'],
  ogg: ['-c:a', 'libvorbis'],
} as const;
const tenSeconds = ['-f', 'lavfi', '-i', 'sine=frequency=300:sample_rate=44100', '-t', '10'] as const;

scenario(
  'an hour of WAV, MP3, M4A, FLAC or Ogg is as soon usable as ten seconds',
  async fixtures => {
    const window = await fixtures.openSignedIn();
    const path = (name: string) => window.path('voices', name);
    // An hour without an hour's encoding: ten seconds, 360 times over.
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
    // FLAC says its length at the beginning, so it is encoded; WAV is but a header and a hole.
    for (const [name, seconds] of Object.entries({ 'short.flac': '10', 'hour.flac': '3600' })) {
      await ffmpeg('-f', 'lavfi', '-i', 'sine=frequency=300:sample_rate=16000', '-t', seconds, path(name));
    }
    await writeSilence(path('short.wav'), 10);
    await writeSilence(path('hour.wav'), 3600);

    await window.explorer.choose('portraits/anna.png', 'Magic Hour', menuItem('createTalkingPhoto'));
    const form = window.form();
    const clip = new ClipEditor(window, form);
    /** Milliseconds from the choice of a recording to a form that could be sent. */
    const untilUsable = async (name: string, end: number): Promise<number> => {
      await form.getByRole('button', { name: text('field.audio'), exact: true }).click();
      await window.quickInput.chooseFile(path(name));
      const begin = performance.now();
      await form.locator('[data-input="audio"] .file-name').getByText(name, { exact: true }).waitFor();
      await until(`${name} to be usable`, async () => Math.abs((await clip.times())[1] - end) < 0.1);
      await submitButton(form).and(form.locator(':enabled')).waitFor();
      await clip.begins.waitFor();
      return performance.now() - begin;
    };
    for (const extension of ['wav', 'flac', ...Object.keys(encoders)]) {
      const short = await untilUsable(`short.${extension}`, 10);
      const hour = await untilUsable(`hour.${extension}`, 300);
      // Another process may take the processor meanwhile; a form that read the whole would take far longer.
      assert.ok(
        hour < 4 * short + 1000,
        `${extension}: ${Math.round(hour)} ms, for ten seconds ${Math.round(short)} ms`,
      );
      await said(form, aboutCredits('14,400'));
      await said(form, text('form.clipOf', { length: '5:00.00', limit: '5:00' }));
      // The clip can be moved at once, while the waveform may still be coming.
      await clip.begins.press('Shift+ArrowRight');
      assert.equal((await clip.times())[0], 1, extension);
      await form.locator('.wave[data-waveform]:not([data-waveform="waiting"])').waitFor();
    }

    // A piece from the middle of the largest is heard without reading what is before it.
    await form.getByRole('button', { name: text('field.audio'), exact: true }).click();
    await window.quickInput.chooseFile(path('hour.wav'));
    await until('the clip of the WAV', async () => (await clip.times())[0] === 0);
    await clip.end.fill('30:02');
    await clip.start.fill('30:00');
    const play = form.getByRole('button', { name: text('form.playClip') });
    await play.click();
    const heard = () =>
      clip.sound.evaluate((audio: HTMLAudioElement) => audio.currentTime + Number(audio.dataset['offset']));
    await until('sound of the middle', async () => (await heard()) > 1800.2);
    assert.ok((await heard()) < 1803);
  },
  { timeout: 150_000 },
);
