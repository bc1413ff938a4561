import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { openFrames } from '../../../src/webview/waveform/frames.ts';

/** A fake `<video>` whose seeking ends when the test calls `seeked`. */
class FakeVideo extends EventTarget {
  seeking = false;
  duration = 10;
  src = '';
  readonly seeks: number[] = [];
  #time = 0;

  get currentTime(): number {
    return this.#time;
  }

  set currentTime(seconds: number) {
    this.#time = seconds;
    this.seeking = true;
    this.seeks.push(seconds);
  }

  seeked(): void {
    this.seeking = false;
    this.dispatchEvent(new Event('seeked'));
  }

  removeAttribute(): void {
    this.src = '';
  }

  load(): void {}
}

function scene(bytes = 1000) {
  const video = new FakeVideo();
  let shown = 0;
  const frames = openFrames(
    video as unknown as HTMLVideoElement,
    { bytes, readAll: () => Promise.resolve(new Blob(['video'])) },
    () => shown++,
  );
  return { video, frames, shown: () => shown, load: () => video.dispatchEvent(new Event('loadeddata')) };
}

const settle = () => new Promise(resolve => setImmediate(resolve));

suite('the frame preview', () => {
  test('shows the latest frame asked for, one seek at a time', async () => {
    const { video, frames, shown, load } = scene();
    await settle();
    assert.match(video.src, /^blob:/);
    frames.show(2);
    assert.deepEqual(video.seeks, [], 'not before it’s loaded');
    load();
    assert.equal(shown(), 1);
    frames.show(3);
    frames.show(4);
    assert.deepEqual(video.seeks, [2]);
    video.seeked();
    assert.deepEqual(video.seeks, [2, 4]);
    video.seeked();
    frames.show(4);
    assert.deepEqual(video.seeks, [2, 4], 'not again for the same frame');
    frames.show(11);
    assert.equal(video.seeks.at(-1), 10);
    video.seeked();
    assert.equal(video.seeks.length, 3, 'no further than the end');
  });

  test('isn’t shown for a large video, or one that can’t be decoded', async () => {
    const large = scene(100 * 1024 * 1024);
    const broken = scene();
    await settle();
    broken.video.dispatchEvent(new Event('error'));
    assert.equal(large.video.src, '');
    assert.deepEqual([large.shown(), broken.shown()], [0, 0]);
  });

  test('frees the video when it’s closed', async () => {
    const { video, frames, shown, load } = scene();
    frames.dispose();
    await settle();
    load();
    assert.equal(video.src, '');
    assert.equal(shown(), 0);
  });
});
