import { join } from 'node:path';
import { cutClip } from '../../../src/assets/clip.ts';
import { lag } from '../../unit/assets/correlation.ts';
import { ffmpeg } from '../media.ts';
import { Skip, type Figure, type Row } from '../row.ts';

interface Recording {
  readonly extension: string;
  readonly encoder?: readonly string[];
  readonly rate: number;
  /** Whether the cut can be exact to the sample. */
  readonly exact: boolean;
}

const recordings: readonly Recording[] = [
  { extension: 'wav', rate: 44_100, exact: true },
  { extension: 'aiff', rate: 44_100, exact: true },
  { extension: 'flac', rate: 44_100, exact: true },
  { extension: 'mp3', rate: 44_100, exact: false },
  { extension: 'm4a', rate: 44_100, exact: false },
  { extension: 'aac', encoder: ['-b:a', '128k'], rate: 44_100, exact: false },
  { extension: 'ogg', rate: 44_100, exact: false },
  { extension: 'opus', encoder: ['-c:a', 'libopus'], rate: 48_000, exact: false },
  { extension: 'webm', encoder: ['-c:a', 'libopus'], rate: 48_000, exact: false },
  { extension: 'amr', encoder: ['-c:a', 'libopencore_amrnb', '-ar', '8000'], rate: 8_000, exact: false },
];
const clips = [
  { start: 0, end: 15 },
  { start: 21.337, end: 36.337 },
  { start: 44.9, end: 59.9 },
];

async function trimmed(path: string, start: number, end: number): Promise<Float32Array> {
  const filter = `atrim=start=${start.toFixed(6)}:end=${end.toFixed(6)}`;
  const bytes = await ffmpeg('-i', path, '-vn', '-af', filter, '-ac', '1', '-f', 'f32le', '-');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

export const clipAccuracy: Row = {
  name: 'clip-accuracy',
  what: 'Accuracy: the API’s trim of the uploaded clip, compared with its trim of the complete file',
  reference: 'the exact trim by ffmpeg',
  method:
    'ffmpeg trims the whole file and the uploaded clip, each by the times that are sent with it. The offset between the two is the maximum of their cross-correlation, with sub-sample precision. The figure is the worst of three 15 s clips: at the start, in the middle, and at the end of a minute of noise.',
  async measure(bench) {
    const folder = await bench.newFolder('cuts');
    const figures: Figure[] = [];
    for (const { extension, encoder, rate, exact } of recordings) {
      const path = await bench.media.audio(extension, 60, encoder);
      let worst = 0;
      for (const clip of clips) {
        const target = join(folder, `cut.${extension}`);
        const cut = await cutClip(path, { extension, clip, target });
        if (!cut) throw new Skip(`${extension} wasn't cut`);
        const whole = await trimmed(path, clip.start, clip.end);
        const part = await trimmed(target, clip.start - cut.offset, clip.end - cut.offset);
        // One second is enough to find the offset.
        const found = lag(whole.subarray(0, rate), part.subarray(0, rate), Math.ceil(rate * 0.004));
        worst = Math.max(worst, found.agreement > 0.9 ? Math.abs(found.samples) : Number.POSITIVE_INFINITY);
      }
      const milliseconds = (worst / rate) * 1000;
      figures.push({
        of: extension,
        ours: `${worst.toFixed(2)} samples`,
        reference: '0',
        result: exact ? `${worst.toFixed(2)} samples` : `${milliseconds.toFixed(3)} ms`,
        target: exact ? '≤ 1 sample' : '≤ 1 ms',
        reached: exact ? worst <= 1.01 : milliseconds <= 1,
      });
    }
    return figures;
  },
};
