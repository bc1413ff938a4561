import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { until } from './harness/until.ts';
import { ClipEditor, frameOf, waitForText } from './support/form.ts';
import { ffmpeg } from '../unit/assets/media.ts';
import { tone } from './support/audio.ts';
import { scenario, submit } from './support/scenario.ts';
import { withoutAac } from './support/withoutAac.ts';
import { aboutCredits, menuItem, text } from './support/text.ts';

/** The length of `voices/anna.mp3` in seconds. */
const annaSeconds = 12.96;
const minuteSeconds = 60;
/** A tone from 1 to 58 s, with a second of silence before it and two seconds after it. */
const minute = tone(minuteSeconds, at => at >= 1 && at < 58);

function assertNear(actual: number, expected: number, within: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= within, `${what}: ${actual}, not ${expected} ± ${within}`);
}

/** Records the playback position at every frame, and counts how often playback started over. */
async function recordPlayback(
  sound: Locator,
): Promise<() => Promise<{ positions: number[]; plays: number }>> {
  await sound.evaluate((audio: HTMLAudioElement) => {
    const positions: number[] = [];
    Object.assign(audio, { positions });
    const record = () => {
      if (!audio.paused) positions.push(audio.currentTime + Number(audio.dataset['offset']));
      requestAnimationFrame(record);
    };
    record();
  });
  return async () => {
    const positions = await sound.evaluate(audio => (audio as unknown as { positions: number[] }).positions);
    const isStart = (at: number, index: number) => index === 0 || at < (positions[index - 1] ?? 0) - 0.2;
    return { positions, plays: positions.filter(isStart).length };
  };
}

scenario('sets, plays and limits a clip by mouse and keyboard', async fixtures => {
  const window = await fixtures.openSignedIn({ files: { 'voices/minute.wav': minute } });
  await window.explorer.select('portraits/anna.png', 'voices/anna.mp3');
  await window.explorer.choose('voices/anna.mp3', 'Magic Hour', menuItem('createTalkingPhoto'));
  const form = window.form();
  const clip = new ClipEditor(window, form);
  await form.locator('.wave[data-waveform="done"]').waitFor();
  assert.deepEqual(await clip.times(), [0, annaSeconds], 'the full length at first');

  // With the mouse, drag the start, the end, and the complete clip.
  await clip.drag(0, 3, annaSeconds);
  assertNear((await clip.times())[0], 3, 0.05, 'the dragged start');
  await clip.drag(annaSeconds, 8, annaSeconds);
  const [start, end] = await clip.times();
  assertNear(end, 8, 0.05, 'the dragged end');
  await clip.drag(5, 6.5, annaSeconds);
  const [movedStart, movedEnd] = await clip.times();
  assertNear(movedStart, start + 1.5, 0.05, 'the moved clip');
  assertNear(movedEnd - movedStart, end - start, 0.011, 'the length of the moved clip');
  await clip.drag(7, 30, annaSeconds);
  assertNear((await clip.times())[1], annaSeconds, 0.011, 'a clip at the end of the audio');

  // With the keyboard, the fields, the sliders, and the price stay in sync.
  await clip.start.fill('2.5');
  await clip.end.fill('0:09.25');
  assert.equal(await clip.startSlider.getAttribute('aria-valuenow'), '2.5');
  assert.equal(await clip.endSlider.getAttribute('aria-valuenow'), '9.25');
  await clip.start.press('ArrowUp');
  await clip.start.press('Shift+ArrowUp');
  assert.equal(await clip.start.inputValue(), '3.6');
  await clip.startSlider.press('ArrowLeft');
  await clip.startSlider.press('Shift+ArrowLeft');
  assert.equal(await clip.start.inputValue(), '2.5');
  await clip.endSlider.press('Shift+ArrowRight');
  await clip.endSlider.press('ArrowRight');
  assert.deepEqual(await clip.times(), [2.5, 10.35]);
  await waitForText(form, aboutCredits('378'));
  await clip.endSlider.press('End');
  assertNear((await clip.times())[1], annaSeconds, 0.011, 'the end after pressing End');

  // Only the clip is played, and it repeats only on request.
  await clip.start.fill('4');
  await clip.end.fill('4.8');
  const playback = await recordPlayback(clip.audio);
  const playClip = form.getByRole('button', { name: text('form.playClip') });
  await playClip.click();
  await until('the clip to end', async () => {
    const { plays } = await playback();
    return plays > 0 && (await playClip.getAttribute('aria-pressed')) === 'false';
  });
  const once = await playback();
  assertNear(Math.min(...once.positions), 4, 0.1, 'the first position');
  assertNear(Math.max(...once.positions), 4.8, 0.1, 'the last position');
  assert.equal(once.plays, 1);
  const repeat = form.getByRole('button', { name: text('form.loop') });
  await repeat.click();
  await playClip.click();
  await until('the clip to start again', async () => (await playback()).plays >= 3);
  await playClip.click();
  await repeat.click();
  const repeated = (await playback()).positions;
  assert.ok(Math.min(...repeated) >= 3.9 && Math.max(...repeated) <= 4.9, 'only the clip is repeated');

  // A click on the timeline moves the playhead, and Play All starts there.
  await clip.timeline.click({
    position: { x: ((await clip.timeline.boundingBox())?.width ?? 0) / 2, y: 20 },
  });
  await waitForText(form, '0:06.48');
  const playAll = form.getByRole('button', { name: text('form.playWhole') });
  const before = (await playback()).positions.length;
  await playAll.click();
  await until('playback after the clip', async () => ((await playback()).positions.at(-1) ?? 0) > 6.6);
  await playAll.click();
  assertNear((await playback()).positions[before] ?? 0, 6.48, 0.15, 'where playback continued');

  // When zoomed in, the timeline is wider than its visible range and can be scrolled.
  const scroller = form.locator('.wave-scroll');
  const zoom = () => scroller.evaluate(element => element.scrollWidth / element.clientWidth);
  await form.getByRole('button', { name: text('form.zoomIn') }).click();
  assertNear(await zoom(), 2, 0.05, 'zoom');
  await form.getByRole('button', { name: text('form.zoomToClip') }).click();
  assert.ok((await zoom()) > 5);
  await clip.drag(4.8, 4.4, annaSeconds);
  assertNear((await clip.times())[1], 4.4, 0.02, 'an end dragged while zoomed in');

  // Another audio file doesn't change the other fields.
  await form.getByLabel(text('field.name'), { exact: true }).fill('Swapped');
  await form.getByRole('button', { name: text('field.audio'), exact: true }).click();
  await window.quickInput.chooseFile(window.path('voices', 'minute.wav'));
  await waitForText(form, 'minute.wav');
  await until('the clip of the new audio file', async () => (await clip.times())[1] === minuteSeconds);
  assert.equal(await form.getByLabel(text('field.name'), { exact: true }).inputValue(), 'Swapped');
  await waitForText(form, 'anna.png');

  // The other mode has a lower limit. The form says so, rejects the clip, and offers to shorten it.
  const tooLong = text('form.clipTooLong', { seconds: 60, limit: 45 });
  await form.getByLabel(text('field.mode')).selectOption('prompted');
  await waitForText(form, text('form.limitNow', { limit: 45, before: 300 }));
  await waitForText(form, tooLong);
  await submit(window);
  await waitForText(form, tooLong);
  assert.equal(fixtures.api.control.creates().length, 0, 'creates');
  await form.getByRole('button', { name: text('form.shorten', { limit: 45 }) }).click();
  assert.deepEqual(await clip.times(), [0, 45]);
  await waitForText(form, aboutCredits('1,080'));
  await clip.drag(45, 59, minuteSeconds);
  assert.deepEqual(await clip.times(), [0, 45], 'no longer than the mode allows');
  await clip.drag(20, 35, minuteSeconds);
  assertNear((await clip.times())[0], 15, 0.3, 'the complete clip moves');
  assertNear((await clip.times())[1] - (await clip.times())[0], 45, 0.011, 'at the limit');

  // Silence at both ends can be trimmed.
  await form.getByLabel(text('field.mode')).selectOption('realistic');
  await clip.start.fill('0');
  await clip.end.fill('60');
  await form.getByRole('button', { name: text('form.trimSilence', { seconds: 2.9 }) }).click();
  assertNear((await clip.times())[0], 0.95, 0.03, 'the start without silence');
  assertNear((await clip.times())[1], 58.05, 0.03, 'the end without silence');
});

scenario(
  'without AAC, shows a ruler instead of the waveform and plays the uploaded clip with the result',
  async fixtures => {
    await fixtures.addInitScript(withoutAac);
    const window = await fixtures.openSignedIn();
    // A short beep at three seconds, so that its position can be found in the result.
    const beepAtThree = "aevalsrc='if(between(t,3,3.05),0.8*sin(2*PI*1000*t),0)':s=44100:d=12";
    await ffmpeg('-f', 'lavfi', '-i', beepAtThree, '-b:a', '128k', window.path('voices', 'beep.mp3'));
    await window.explorer.select('portraits/anna.png', 'voices/memo.m4a');
    await window.explorer.choose('voices/memo.m4a', 'Magic Hour', menuItem('createTalkingPhoto'));
    const form = window.form();
    const clip = new ClipEditor(window, form);
    await form.locator('.wave[data-waveform="undecodable"]').waitFor();
    await waitForText(form, text('form.noWaveform', { type: 'M4A' }));
    assert.equal(
      await form.getByRole('button', { name: text('form.playClip') }).count(),
      0,
      'buttons that can’t work',
    );
    const [, length] = await clip.times();
    await clip.drag(0, 2, length);
    assertNear((await clip.times())[0], 2, 0.05, 'a clip on the ruler');

    await form.getByRole('button', { name: text('field.audio'), exact: true }).click();
    await window.quickInput.chooseFile(window.path('voices', 'beep.mp3'));
    await form.locator('.wave[data-waveform="done"]').waitFor();
    await clip.start.fill('2.5');
    await clip.end.fill('9.25');
    await submit(window);
    await waitForText(form, text('form.soundOfClip'));

    const frame = await frameOf(form);
    // Decodes the audio that's played with the video, instead of trusting the page's calculation.
    const beep = await frame.evaluate(async () => {
      const audio = document.querySelector<HTMLAudioElement>('.video audio');
      const bytes = await (await fetch(audio?.src ?? '')).arrayBuffer();
      const { sampleRate, ...sound } = await new OfflineAudioContext(1, 1, 44_100)
        .decodeAudioData(bytes)
        .then(buffer => ({ sampleRate: buffer.sampleRate, frames: buffer.getChannelData(0) }));
      return sound.frames.findIndex(level => Math.abs(level) > 0.2) / sampleRate;
    });
    // The video starts at 2.5 s of the audio, so the beep at 3 s belongs at 0.5 s.
    const drifts = await frame.evaluate(async beep => {
      const [video, audio] = [
        document.querySelector('video'),
        document.querySelector<HTMLAudioElement>('.video audio'),
      ];
      if (!video || !audio) throw new Error('There is no video with audio.');
      const drifts: number[] = [];
      const play = async (from: number) => {
        video.currentTime = from;
        await video.play();
        while (!video.ended && !video.paused) {
          await new Promise(resolve => requestAnimationFrame(resolve));
          if (!audio.paused && !audio.seeking && !video.seeking)
            drifts.push(beep - (audio.currentTime - video.currentTime) - 0.5);
        }
      };
      await play(0);
      await play(1);
      return drifts;
    }, beep);
    const inSync = drifts.filter(drift => Math.abs(drift) <= 0.08).length / drifts.length;
    assert.ok(drifts.length > 20, `${drifts.length} samples`);
    const list = drifts.map(drift => drift.toFixed(2)).join(' ');
    assert.ok(inSync > 0.9, `in sync ${Math.round(inSync * 100)}% of the time: ${list}`);
    await form.getByRole('button', { name: text('form.soundOff') }).click();
    assert.equal(await form.locator('.video audio').evaluate((audio: HTMLAudioElement) => audio.muted), true);
  },
);
