import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { byteProbe } from '../../../src/webview/waveform/probe.ts';

describe('probing a file without an index', () => {
  const reader = (file: Uint8Array) => async (from: number, to: number) => file.slice(from, to);

  test('an MP3 starts after its ID3 tag', async () => {
    const tagged = new Uint8Array(2000);
    tagged.set([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0x01, 0x02]);
    assert.equal((await byteProbe('mp3', reader(tagged), 2000))?.from, 10 + 130);
    assert.equal((await byteProbe('mp3', reader(new Uint8Array(50)), 50))?.from, 0);
  });

  test('a FLAC header keeps the stream information as its only block', async () => {
    const file = new Uint8Array(300);
    file.set([0x66, 0x4c, 0x61, 0x43, 0x00, 0, 0, 34]);
    file.set([0x84, 0, 0, 100], 42);
    const probe = await byteProbe('flac', reader(file), 300);
    assert.equal(probe?.from, 42 + 4 + 100);
    assert.equal(probe?.head[4], 0x80);
    assert.equal(probe?.head.length, 42);
  });

  test('other formats need no probe', async () => {
    assert.equal(await byteProbe('wav', reader(new Uint8Array(50)), 50), undefined);
  });
});
