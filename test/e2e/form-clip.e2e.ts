import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { until } from './harness/until.ts';
import { ClipEditor, frameOf, said } from './support/form.ts';
import { ffmpeg } from '../unit/assets/media.ts';
import { tone } from './support/sounds.ts';
import { scenario, submit } from './support/scenario.ts';
import { withoutAac } from './support/withoutAac.ts';
import { aboutCredits, menuItem, text } from './support/text.ts';

/** Seconds of `voices/anna.mp3`. */
const annaSeconds = 12.96;
const minuteSeconds = 60;
/** Loud from 1 to 58 s: a second of silence before, two after. */
const minute = tone(minuteSeconds, at => at >= 1 && at < 58);

function assertNear(actual: number, expected: number, within: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= within, `${what}: ${actual}, not ${expected} ± ${within}`);
}

/** Notes at every picture which second of the recording is heard, and how often it began anew. */
async function listen(sound: Locator): Promise<() => Promise<{ heard: number[]; plays: number }>> {
  await sound.evaluate((audio: HTMLAudioElement) => {
    const heard: number[] = [];
    Object.assign(audio, { heard });
    const note = () => {
      if (!audio.paused) heard.push(audio.currentTime + Number(audio.dataset['offset']));
      requestAnimationFrame(note);
    };
    note();
  });
  return async () => {
    const heard = await sound.evaluate(audio => (audio as unknown as { heard: number[] }).heard);
    const plays = heard.filter((at, index) => index === 0 || at < (heard[index - 1] ?? 0) - 0.2).length;
    return { heard, plays };
  };
}

scenario('a clip is set by mouse and by keys, heard alone, and kept within the mode', async fixtures => {
  const window = await fixtures.openSignedIn({ files: { 'voices/minute.wav': minute } });
  await window.explorer.select('portraits/anna.png', 'voices/anna.mp3');
  await window.explorer.choose('voices/anna.mp3', 'Magic Hour', menuItem('createTalkingPhoto'));
  const form = window.form();
  const clip = new ClipEditor(window, form);
  await form.locator('.wave[data-waveform="done"]').waitFor();
  assert.deepEqual(await clip.times(), [0, annaSeconds], 'the whole recording at first');

  // By mouse: an edge, the other edge, the whole clip.
  await clip.drag(0, 3, annaSeconds);
  assertNear((await clip.times())[0], 3, 0.05, 'the beginning that was dragged');
  await clip.drag(annaSeconds, 8, annaSeconds);
  const [start, end] = await clip.times();
  assertNear(end, 8, 0.05, 'the end that was dragged');
  await clip.drag(5, 6.5, annaSeconds);
  const [movedStart, movedEnd] = await clip.times();
  assertNear(movedStart, start + 1.5, 0.05, 'the clip that was moved');
  assertNear(movedEnd - movedStart, end - start, 0.011, 'the length of a clip that was moved');
  await clip.drag(7, 30, annaSeconds);
  assertNear((await clip.times())[1], annaSeconds, 0.011, 'a clip does not leave the recording');

  // By keys, on fields and on sliders; the two stay in step, and the price with them.
  await clip.start.fill('2.5');
  await clip.end.fill('0:09.25');
  assert.equal(await clip.begins.getAttribute('aria-valuenow'), '2.5');
  assert.equal(await clip.stops.getAttribute('aria-valuenow'), '9.25');
  await clip.start.press('ArrowUp');
  await clip.start.press('Shift+ArrowUp');
  assert.equal(await clip.start.inputValue(), '3.6');
  await clip.begins.press('ArrowLeft');
  await clip.begins.press('Shift+ArrowLeft');
  assert.equal(await clip.start.inputValue(), '2.5');
  await clip.stops.press('Shift+ArrowRight');
  await clip.stops.press('ArrowRight');
  assert.deepEqual(await clip.times(), [2.5, 10.35]);
  await said(form, aboutCredits('378'));
  await clip.stops.press('End');
  assertNear((await clip.times())[1], annaSeconds, 0.011, 'the end, by its key');

  // Only the clip is heard, once, and again only if one wants it.
  await clip.start.fill('4');
  await clip.end.fill('4.8');
  const heard = await listen(clip.sound);
  const playClip = form.getByRole('button', { name: text('form.playClip') });
  await playClip.click();
  await until('the clip to be over', async () => {
    const { plays } = await heard();
    return plays > 0 && (await playClip.getAttribute('aria-pressed')) === 'false';
  });
  const once = await heard();
  assertNear(Math.min(...once.heard), 4, 0.1, 'the first that was heard');
  assertNear(Math.max(...once.heard), 4.8, 0.1, 'the last that was heard');
  assert.equal(once.plays, 1);
  const repeat = form.getByRole('button', { name: text('form.loop') });
  await repeat.click();
  await playClip.click();
  await until('the clip to begin again', async () => (await heard()).plays >= 3);
  await playClip.click();
  await repeat.click();
  const often = (await heard()).heard;
  assert.ok(Math.min(...often) >= 3.9 && Math.max(...often) <= 4.9, 'the repeated clip stays the clip');

  // A press on the recording moves the playhead, and all is played from there on.
  await clip.timeline.click({
    position: { x: ((await clip.timeline.boundingBox())?.width ?? 0) / 2, y: 20 },
  });
  await said(form, '0:06.48');
  const playAll = form.getByRole('button', { name: text('form.playWhole') });
  const before = (await heard()).heard.length;
  await playAll.click();
  await until('sound behind the clip', async () => ((await heard()).heard.at(-1) ?? 0) > 6.6);
  await playAll.click();
  assertNear((await heard()).heard[before] ?? 0, 6.48, 0.15, 'where it went on');

  // Near by: the timeline is wider than the window on it, and scrolls.
  const scroller = form.locator('.wave-scroll');
  const zoom = () => scroller.evaluate(element => element.scrollWidth / element.clientWidth);
  await form.getByRole('button', { name: text('form.zoomIn') }).click();
  assertNear(await zoom(), 2, 0.05, 'zoom');
  await form.getByRole('button', { name: text('form.zoomToClip') }).click();
  assert.ok((await zoom()) > 5);
  await clip.drag(4.8, 4.4, annaSeconds);
  assertNear((await clip.times())[1], 4.4, 0.02, 'an end dragged near by');

  // Another recording; what else was filled in stays.
  await form.getByLabel(text('field.name'), { exact: true }).fill('Swapped');
  await form.getByRole('button', { name: text('field.audio'), exact: true }).click();
  await window.quickInput.chooseFile(window.path('voices', 'minute.wav'));
  await said(form, 'minute.wav');
  await until('the clip of the new recording', async () => (await clip.times())[1] === minuteSeconds);
  assert.equal(await form.getByLabel(text('field.name'), { exact: true }).inputValue(), 'Swapped');
  await said(form, 'anna.png');

  // The other mode takes less: it says so, refuses, and offers the way out.
  const tooLong = text('form.clipTooLong', { seconds: 60, limit: 45 });
  await form.getByLabel(text('field.mode')).selectOption('prompted');
  await said(form, text('form.limitNow', { limit: 45, before: 300 }));
  await said(form, tooLong);
  await submit(window);
  await said(form, tooLong);
  assert.equal(fixtures.api.control.creates().length, 0, 'nothing that cannot be made is paid for');
  await form.getByRole('button', { name: text('form.shorten', { limit: 45 }) }).click();
  assert.deepEqual(await clip.times(), [0, 45]);
  await said(form, aboutCredits('1,080'));
  await clip.drag(45, 59, minuteSeconds);
  assert.deepEqual(await clip.times(), [0, 45], 'no further than the mode');
  await clip.drag(20, 35, minuteSeconds);
  assertNear((await clip.times())[0], 15, 0.3, 'the whole clip moves');
  assertNear((await clip.times())[1] - (await clip.times())[0], 45, 0.011, 'at the limit');

  // Silence at the ends can be left out.
  await form.getByLabel(text('field.mode')).selectOption('realistic');
  await clip.start.fill('0');
  await clip.end.fill('60');
  await form.getByRole('button', { name: text('form.trimSilence', { seconds: 2.9 }) }).click();
  assertNear((await clip.times())[0], 0.95, 0.03, 'the beginning without silence');
  assertNear((await clip.times())[1], 58.05, 0.03, 'the end without silence');
});

scenario(
  'without AAC: a ruler instead of the waveform, and the result with the sound of the clip',
  async fixtures => {
    await fixtures.addInitScript(withoutAac);
    const window = await fixtures.openSignedIn();
    // One short beep three seconds in, to hear where it lands in the result.
    const beepAtThree = "aevalsrc='if(between(t,3,3.05),0.8*sin(2*PI*1000*t),0)':s=44100:d=12";
    await ffmpeg('-f', 'lavfi', '-i', beepAtThree, '-b:a', '128k', window.path('voices', 'beep.mp3'));
    await window.explorer.select('portraits/anna.png', 'voices/memo.m4a');
    await window.explorer.choose('voices/memo.m4a', 'Magic Hour', menuItem('createTalkingPhoto'));
    const form = window.form();
    const clip = new ClipEditor(window, form);
    await form.locator('.wave[data-waveform="undecodable"]').waitFor();
    await said(form, text('form.noWaveform', { type: 'M4A' }));
    assert.equal(
      await form.getByRole('button', { name: text('form.playClip') }).count(),
      0,
      'nothing that does not work',
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
    await said(form, text('form.soundOfClip'));

    const frame = await frameOf(form);
    // Where the beep is in the sound beside the video, by decoding it: no trust in what the page has reckoned.
    const beep = await frame.evaluate(async () => {
      const audio = document.querySelector<HTMLAudioElement>('.video audio');
      const bytes = await (await fetch(audio?.src ?? '')).arrayBuffer();
      const { sampleRate, ...sound } = await new OfflineAudioContext(1, 1, 44_100)
        .decodeAudioData(bytes)
        .then(buffer => ({ sampleRate: buffer.sampleRate, frames: buffer.getChannelData(0) }));
      return sound.frames.findIndex(level => Math.abs(level) > 0.2) / sampleRate;
    });
    // The video begins at the clip's 2.5 s, so the beep at 3 s belongs to its half second.
    const drifts = await frame.evaluate(async beep => {
      const [video, audio] = [
        document.querySelector('video'),
        document.querySelector<HTMLAudioElement>('.video audio'),
      ];
      if (!video || !audio) throw new Error('There is no video with sound.');
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
    const inStep = drifts.filter(drift => Math.abs(drift) <= 0.08).length / drifts.length;
    assert.ok(drifts.length > 20, `${drifts.length} looks`);
    const looks = drifts.map(drift => drift.toFixed(2)).join(' ');
    assert.ok(inStep > 0.9, `in step ${Math.round(inStep * 100)} % of the time: ${looks}`);
    await form.getByRole('button', { name: text('form.soundOff') }).click();
    assert.equal(await form.locator('.video audio').evaluate((audio: HTMLAudioElement) => audio.muted), true);
  },
);
