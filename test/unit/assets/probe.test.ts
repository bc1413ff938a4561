import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { chmod, copyFile, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { HumanError } from '../../../src/shared/message.ts';
import { probe } from '../../../src/assets/probe.ts';
import type { AssetKind } from '../../../src/tools/tool.ts';
import { ffmpeg, noise, picture, temporaryFolder } from './media.ts';

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);

const key = async (name: string, kind: AssetKind): Promise<string> => {
  const error = await probe(at(name), { kind }).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(error instanceof HumanError, `${name}: ${String(error)}`);
  return error.text.key;
};

describe('images', () => {
  const made: readonly (readonly [name: string, ...args: string[]])[] = [
    ['a.png'],
    ['a.jpg'],
    ['a.webp', '-c:v', 'libwebp'],
    ['a.bmp'],
    ['a.tiff'],
    ['a.jp2'],
  ];
  before(async () => {
    for (const [name, ...args] of made) await ffmpeg(...picture(160, 90), ...args, at(name));
    await copyFile(at('a.jpg'), at('B.JFIF'));
  });

  for (const name of [...made.map(([name]) => name), 'B.JFIF'])
    it(`${name}: type and size`, async () => {
      const info = await probe(at(name), { kind: 'image' });
      assert.equal(info.width, 160);
      assert.equal(info.height, 90);
      assert.equal(info.extension, name.slice(2).toLowerCase());
      assert.equal(info.bytes, (await readFile(at(name))).length);
    });

  it('rotates an image according to its EXIF data, even after a lot of metadata', async () => {
    const jpeg = await readFile(at('a.jpg'));
    const exif = Buffer.from(
      'ffe100224578696600004d4d002a00000008000101120003000000010006000000000000',
      'hex',
    );
    const comment = Buffer.alloc(65_537, 0x20);
    comment.set([0xff, 0xfe, 0xff, 0xff]);
    await writeFile(
      at('turned.jpg'),
      Buffer.concat([jpeg.subarray(0, 2), exif, comment, comment, comment, jpeg.subarray(2)]),
    );
    const { width, height } = await probe(at('turned.jpg'), { kind: 'image' });
    assert.deepEqual([width, height], [90, 160]);
  });

  it('reports the actual format, and a better name', async () => {
    await copyFile(at('a.jpg'), at('portrait.png'));
    await assert.rejects(probe(at('portrait.png'), { kind: 'image' }), (error: HumanError) => {
      assert.deepEqual(error.text, {
        key: 'asset.otherContent',
        args: { name: 'portrait.png', format: 'JPEG', better: 'portrait.jpg' },
      });
      return true;
    });
  });
});

describe('audio', () => {
  const seconds = 5;
  const made: readonly (readonly [name: string, tolerance: number, ...args: string[]])[] = [
    ['a.wav', 0],
    ['a.aiff', 0],
    ['a.flac', 0],
    ['a.mp3', 1e-9],
    ['vbr.mp3', 1e-9, '-q:a', '4'],
    ['bare.mp3', 0.06, '-write_xing', '0', '-id3v2_version', '0'],
    ['a.aac', 0.07],
    ['a.m4a', 0.05],
    ['a.ogg', 0.001, '-c:a', 'libvorbis'],
    ['a.oga', 0.001, '-c:a', 'libvorbis'],
    ['a.opus', 0.001, '-c:a', 'libopus'],
    ['a.webm', 0.03, '-c:a', 'libopus'],
    ['a.weba', 0.03, '-c:a', 'libopus', '-f', 'webm'],
    ['a.amr', 0.04, '-c:a', 'libopencore_amrnb', '-ar', '8000', '-ac', '1'],
    ['wide.amr', 0.04, '-c:a', 'libvo_amrwbenc', '-ar', '16000', '-ac', '1'],
  ];
  before(async () => {
    for (const [name, , ...args] of made) await ffmpeg(...noise(seconds), ...args, at(name));
  });

  for (const [name, tolerance] of made)
    it(`${name}: exact duration`, async () => {
      const info = await probe(at(name), { kind: 'audio' });
      assert.ok(Math.abs((info.seconds ?? NaN) - seconds) <= tolerance, `${info.seconds}`);
      assert.equal(info.warning, undefined);
    });

  it('measures the audio of a WebM with video', async () => {
    await ffmpeg(
      ...picture(32, 32).slice(0, 4),
      ...noise(1),
      '-c:v',
      'libvpx',
      '-c:a',
      'libopus',
      at('film.webm'),
    );
    assert.ok((await probe(at('film.webm'), { kind: 'audio' })).seconds);
  });

  it('rejects a video without audio', async () => {
    await ffmpeg(...picture(32, 32), '-c:v', 'libvpx', at('mute.webm'));
    assert.equal(await key('mute.webm', 'audio'), 'asset.noSound');
  });

  it('measures a video with or without audio, and rejects audio as video', async () => {
    const pictures = ['-f', 'lavfi', '-i', 'testsrc=size=64x48:rate=10:duration=2'];
    await ffmpeg(...pictures, '-c:v', 'libvpx', at('silent.webm'));
    const { kind, width, height, frameRate, seconds } = await probe(at('silent.webm'), { kind: 'video' });
    assert.deepEqual(
      { kind, width, height, frameRate },
      { kind: 'video', width: 64, height: 48, frameRate: 10 },
    );
    assert.ok(seconds && Math.abs(seconds - 2) < 0.1, `${seconds} s`);
    assert.equal(await key('a.webm', 'video'), 'asset.noPictures');
    assert.equal(await key('a.png', 'video'), 'asset.notVideoKind');
  });

  it('finds the frames of an MP3 after other data', async () => {
    const bare = await readFile(at('bare.mp3'));
    await writeFile(at('padded.mp3'), Buffer.concat([Buffer.alloc(3000), bare]));
    const [whole, padded] = await Promise.all(
      ['bare.mp3', 'padded.mp3'].map(name => probe(at(name), { kind: 'audio' })),
    );
    assert.equal(padded?.seconds, whole?.seconds);
  });

  it('accepts a WAV whose header lacks the length', async () => {
    await writeFile(at('piped.wav'), await ffmpeg(...noise(1), '-f', 'wav', '-'));
    assert.equal((await probe(at('piped.wav'), { kind: 'audio' })).seconds, 1);
  });
});

describe('unusable files', () => {
  it('have a message for each case', async () => {
    await writeFile(at('empty.png'), '');
    await mkdir(at('folder.png'));
    await writeFile(
      at('lfs.png'),
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n',
    );
    await writeFile(at('text.png'), 'just some words, nothing to see'.repeat(9));
    await writeFile(at('text.wav'), 'just some words, nothing to hear'.repeat(9));
    await writeFile(at('doc.jpg'), '%PDF-1.7 and so on');
    await writeFile(at('anim.gif'), 'GIF89a');
    await writeFile(at('anim.png'), 'GIF89a and so on');
    await writeFile(at('short.png'), Buffer.from('89504e470d0a1a0a0000', 'hex'));
    assert.equal(await key('empty.png', 'image'), 'asset.empty');
    assert.equal(await key('gone.png', 'image'), 'asset.vanished');
    assert.equal(await key('folder.png', 'image'), 'asset.notAFile');
    assert.equal(await key('lfs.png', 'image'), 'asset.lfsPointer');
    assert.equal(await key('text.png', 'image'), 'asset.noMediaImage');
    assert.equal(await key('text.wav', 'audio'), 'asset.noMediaAudio');
    assert.equal(await key('doc.jpg', 'image'), 'asset.foreignContent');
    assert.equal(await key('anim.gif', 'image'), 'asset.notAnImage');
    assert.equal(await key('anim.png', 'image'), 'asset.foreignContent');
    assert.equal(await key('short.png', 'image'), 'asset.damaged');
    assert.equal(await key('a.wav', 'image'), 'asset.notImageKind');
    assert.equal(await key('a.png', 'audio'), 'asset.notAudioKind');
  });

  it('include FIFOs and devices, which are never opened', {
    skip: process.platform === 'win32' && 'Windows has neither',
  }, async () => {
    await promisify(execFile)('mkfifo', [at('pipe.png')]);
    await symlink(at('pipe.png'), at('link.png'));
    await symlink('/dev/zero', at('device.png'));
    for (const name of ['pipe.png', 'link.png', 'device.png'])
      assert.equal(await key(name, 'image'), 'asset.notAFile');
  });

  it('include those without permission', {
    skip: process.getuid?.() === 0 && 'root may read everything',
  }, async () => {
    await copyFile(at('a.png'), at('secret.png'));
    await chmod(at('secret.png'), 0);
    assert.equal(await key('secret.png', 'image'), 'asset.forbidden');
    await rm(at('secret.png'));
  });

  it('include audio files with an incomplete header', async () => {
    await copyFile(at('a.m4a'), at('cut.m4a'));
    await truncate(at('cut.m4a'), 60);
    assert.equal(await key('cut.m4a', 'audio'), 'asset.damaged');
  });
});
