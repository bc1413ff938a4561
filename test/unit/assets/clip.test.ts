import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { cutClip } from '../../../src/assets/clip.ts';
import { openFile } from '../../../src/assets/file.ts';
import { cutForPlayback } from '../../../src/assets/playback.ts';
import { readRange } from '../../../src/assets/file.ts';
import { HumanError } from '../../../src/shared/message.ts';
import { lag } from './correlation.ts';
import { ffmpeg, noise, temporaryFolder } from './media.ts';

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
const seconds = 30;

/** The decoded audio (mono) between two times, as the API trims it. */
async function trimmed(path: string, start: number, end: number): Promise<Float32Array> {
  const filter = `atrim=start=${start.toFixed(6)}:end=${end.toFixed(6)}`;
  const bytes = await ffmpeg('-i', path, '-vn', '-af', filter, '-ac', '1', '-f', 'f32le', '-');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/** Half a second of audio, decoded after seeking to `start`. */
async function sought(path: string, start: number): Promise<Float32Array> {
  const bytes = await ffmpeg(
    '-ss',
    start.toFixed(6),
    '-i',
    path,
    '-t',
    '0.5',
    '-ac',
    '1',
    '-f',
    'f32le',
    '-',
  );
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

interface Recording {
  readonly name: string;
  readonly args?: readonly string[];
  readonly rate?: number;
  /** The maximum error in samples, for sample-exact formats. Other formats may be off by a millisecond. */
  readonly samples?: number;
}

const opus = ['-c:a', 'libopus'];
const vorbis = ['-c:a', 'libvorbis'];
const recordings: readonly Recording[] = [
  { name: 'plain.wav', samples: 1 },
  { name: 'deep.wav', args: ['-c:a', 'pcm_s24le', '-ac', '6'], samples: 1 },
  { name: 'float.wav', args: ['-c:a', 'pcm_f32le'], samples: 1 },
  { name: 'law.wav', args: ['-c:a', 'pcm_mulaw', '-ar', '8000'], rate: 8_000, samples: 1 },
  { name: 'plain.aiff', samples: 1 },
  { name: 'deep.aiff', args: ['-c:a', 'pcm_s24be'], samples: 1 },
  { name: 'little.aiff', args: ['-c:a', 'pcm_s16le'], samples: 1 },
  { name: 'plain.flac', samples: 1 },
  { name: 'deep.flac', args: ['-sample_fmt', 's32', '-ac', '2'], samples: 1 },
  { name: 'constant.mp3', args: ['-b:a', '128k'] },
  { name: 'variable.mp3', args: ['-q:a', '4'] },
  { name: 'bare.mp3', args: ['-q:a', '4', '-write_xing', '0', '-id3v2_version', '0'] },
  { name: 'slow.mp3', args: ['-b:a', '32k', '-ar', '22050'], rate: 22_050 },
  { name: 'plain.aac' },
  { name: 'plain.m4a' },
  { name: 'fast.m4a', args: ['-movflags', '+faststart'] },
  { name: 'pieces.m4a', args: ['-movflags', 'frag_keyframe+empty_moov'] },
  { name: 'plain.ogg', args: vorbis },
  { name: 'plain.oga', args: [...vorbis, '-q:a', '9'] },
  { name: 'plain.opus', args: opus, rate: 48_000 },
  { name: 'plain.webm', args: opus, rate: 48_000 },
  { name: 'vorbis.webm', args: vorbis },
  { name: 'plain.weba', args: [...opus, '-f', 'webm'], rate: 48_000 },
  { name: 'narrow.amr', args: ['-c:a', 'libopencore_amrnb', '-ar', '8000', '-ac', '1'], rate: 8_000 },
  { name: 'wide.amr', args: ['-c:a', 'libvo_amrwbenc', '-ar', '16000', '-ac', '1'], rate: 16_000 },
];
const clips = [
  { start: 12.345, end: 16.5 },
  { start: 0, end: 2 },
  { start: 26, end: 29.9 },
];

before(async () => {
  for (const { name, args = [] } of recordings) await ffmpeg(...noise(seconds), ...args, at(name));
});

describe('a cut sounds like the same clip of the original', () => {
  for (const { name, rate = 44_100, samples } of recordings)
    it(name, async () => {
      for (const clip of clips) {
        const target = at(`cut-${name}`);
        const cut = await cutClip(at(name), { extension: name.split('.')[1] ?? '', clip, target });
        assert.ok(cut, 'not cut');
        assert.equal(cut.bytes, (await stat(target)).size);
        assert.ok(cut.offset <= clip.start && cut.offset + cut.seconds >= clip.end, JSON.stringify(cut));
        assert.ok(cut.seconds < clip.end - clip.start + 5, 'longer than necessary');
        const whole = await trimmed(at(name), clip.start, clip.end);
        const part = await trimmed(target, clip.start - cut.offset, clip.end - cut.offset);
        assert.ok(Math.abs(whole.length - part.length) <= 0.001 * rate, `${whole.length} ${part.length}`);
        const half = rate / 2;
        const late = lag(whole.subarray(0, half), part.subarray(0, half), Math.round(rate * 0.005));
        assert.ok(late.agreement > 0.95, `agreement ${late.agreement}`);
        assert.ok(Math.abs(late.samples) <= (samples ?? 0.001 * rate) + 0.01, `${late.samples} samples late`);
      }
    });
});

describe('cutting', () => {
  for (const name of ['plain.ogg', 'plain.opus'])
    it(`keeps the times of ${name} for players that seek`, async () => {
      const [extension = ''] = name.split('.').slice(1);
      for (const start of [1.1, 9.5, 21.7]) {
        const clip = { start, end: start + 4 };
        const target = at(`sought-${name}`);
        const cut = await cutClip(at(name), { extension, clip, target });
        assert.ok(cut);
        const whole = await sought(at(name), start);
        const late = lag(whole, await sought(target, start - cut.offset), 500);
        assert.ok(Math.abs(late.samples) < 1.01, `${late.samples} samples late at ${start} s`);
      }
    });

  it('writes a FLAC that decoders accept without warnings', async () => {
    const target = at('whole-new.flac');
    await cutClip(at('plain.flac'), { extension: 'flac', clip: { start: 10, end: 12 }, target });
    // With `-v warning -err_detect explode`, any warning about frame numbers or checksums is an error.
    await ffmpeg('-err_detect', 'explode', '-i', target, '-f', 'null', '-');
    await using file = await openFile(target);
    const info = await file.read(8, 34);
    const view = new DataView(info.buffer, info.byteOffset);
    const total = view.getUint32(14);
    assert.equal((await trimmed(target, 0, 100)).length, total);
  });

  it("rejects formats it can't cut", async () => {
    await ffmpeg(...noise(5), '-c:a', 'adpcm_ms', at('packed.wav'));
    const options = { clip: { start: 1, end: 2 }, target: at('no.wav') };
    assert.equal(await cutClip(at('packed.wav'), { extension: 'wav', ...options }), undefined);
    await ffmpeg(...noise(5), '-c:a', 'alac', at('lossless.m4a'));
    assert.equal(await cutClip(at('lossless.m4a'), { extension: 'm4a', ...options }), undefined);
    await ffmpeg(...noise(5), '-c:a', 'flac', '-f', 'ogg', at('flac.oga'));
    assert.equal(await cutClip(at('flac.oga'), { extension: 'oga', ...options }), undefined);
    await assert.rejects(stat(options.target), { code: 'ENOENT' });
  });

  it('rejects a file whose audio starts after the clip', async () => {
    const film = ['-f', 'lavfi', '-i', 'testsrc=size=16x16:rate=5:duration=5'];
    await ffmpeg(
      ...film,
      '-itsoffset',
      '2',
      ...noise(3),
      '-c:v',
      'libvpx',
      '-c:a',
      'libopus',
      at('late.webm'),
    );
    const cut = (start: number) =>
      cutClip(at('late.webm'), { extension: 'webm', clip: { start, end: 4 }, target: at('late-cut.webm') });
    assert.equal(await cut(0.5), undefined);
    assert.ok(await cut(3));
  });

  it('leaves no file when aborted', async () => {
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    const options = { clip: { start: 1, end: 2 }, target: at('stopped'), signal: stop.signal };
    for (const name of ['plain.wav', 'constant.mp3', 'plain.flac', 'plain.m4a', 'plain.ogg'])
      await assert.rejects(cutClip(at(name), { extension: name.split('.')[1] ?? '', ...options }), /stopped/);
    await assert.rejects(stat(options.target), { code: 'ENOENT' });
  });

  it('reads the 64-bit sizes of WAV files over 4 GB', async () => {
    // Builds an RF64 file with the sizes in ds64, as recorders write it, and the samples of the plain file.
    const plain = await readFile(at('plain.wav'));
    const data = plain.indexOf('data') + 8;
    const ds64 = Buffer.alloc(36);
    ds64.write('ds64');
    ds64.writeUInt32LE(28, 4);
    ds64.writeBigUInt64LE(BigInt(plain.length - data), 16);
    const head = Buffer.concat([Buffer.from('RF64\xff\xff\xff\xffWAVE', 'latin1'), ds64]);
    const format = plain.subarray(plain.indexOf('fmt '), plain.indexOf('fmt ') + 24);
    const long = Buffer.from('data\xff\xff\xff\xff', 'latin1');
    await writeFile(at('long.wav'), Buffer.concat([head, format, long, plain.subarray(data)]));
    const clip = { start: 3, end: 4 };
    const cut = await cutClip(at('long.wav'), { extension: 'wav', clip, target: at('short.wav') });
    assert.ok(cut);
    assert.deepEqual(
      await trimmed(at('short.wav'), 3 - cut.offset, 4 - cut.offset),
      await trimmed(at('plain.wav'), 3, 4),
    );
  });
});

describe('the page', () => {
  it('gets a clip as bytes, with the time at which it starts', async () => {
    const { bytes, mediaType, start } = await cutForPlayback(at('plain.opus'), 'file:///x/plain.opus', {
      start: 5,
      end: 6,
    });
    assert.equal(mediaType, 'audio/ogg');
    assert.ok(start <= 5 && start > 4);
    assert.equal(Buffer.from(bytes.subarray(0, 4)).toString(), 'OggS');
    assert.ok(bytes.length < 60_000);
    assert.equal(Object.getPrototypeOf(bytes), Uint8Array.prototype, 'a Buffer would reach the page as JSON');
  });

  it("gets a message when a file can't be cut", async () => {
    await ffmpeg(...noise(2), '-c:a', 'alac', at('silent.m4a'));
    await assert.rejects(
      cutForPlayback(at('silent.m4a'), 'silent.m4a', { start: 0, end: 1 }),
      (error: unknown) => error instanceof HumanError && error.text.key === 'asset.notCut',
    );
  });

  it('gets fewer bytes at the end of a file', async () => {
    const { size } = await stat(at('plain.wav'));
    assert.equal(
      (await readRange(at('plain.wav'), 0, 12)).toString(),
      [...(await readFile(at('plain.wav'))).subarray(0, 12)].join(),
    );
    assert.equal((await readRange(at('plain.wav'), size - 5, 100)).length, 5);
    assert.equal((await readRange(at('plain.wav'), size + 5, 100)).length, 0);
  });
});
