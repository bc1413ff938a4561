import type { Cutter } from './clip.ts';
import { textAt, viewOf } from './bytes.ts';
import { readAiff, readWav, type PcmLayout } from './pcm.ts';

/** Extra seconds after the clip, in case the server's trim rounds up. */
const margin = 0.05;

/** For WAV and AIFF. Writes a new header and copies the exact samples. */
export const cutPcm: Cutter = async (file, { clip, target, signal }) => {
  const layout = textAt(await file.read(0, 4), 0, 4) === 'FORM' ? await readAiff(file) : await readWav(file);
  if (!layout?.frameBytes) return undefined;
  const { frameBytes, rate, dataFrom, dataBytes } = layout;
  // Starts at a whole second, so that clip times relative to the cut are as round as the original ones.
  const first = Math.floor(Math.floor(clip.start) * rate);
  const end = Math.min(Math.floor(dataBytes / frameBytes), Math.ceil((clip.end + margin) * rate));
  const bytes = (end - first) * frameBytes;
  if (end <= first || bytes > 0xf000_0000) return undefined;
  await target.append(layout.container === 'wav' ? wavHeader(layout, bytes) : aiffHeader(layout, bytes));
  await target.copy(file, dataFrom + first * frameBytes, bytes, signal);
  if (bytes % 2 === 1) await target.append(new Uint8Array(1));
  return { offset: first / rate, seconds: (end - first) / rate };
};

function wavHeader({ format, frameBytes = 1 }: PcmLayout, bytes: number): Uint8Array {
  // Every format except plain PCM must state its number of sample frames in a `fact` chunk.
  const fact =
    viewOf(format).getUint16(0, true) === 1 ? [] : [chunk('fact', littleEndian(bytes / frameBytes), true)];
  const chunks = [text('WAVE'), chunk('fmt ', format, true), ...fact, text('data'), littleEndian(bytes)];
  const body = concat(chunks);
  return concat([text('RIFF'), littleEndian(body.length + bytes + (bytes % 2)), body]);
}

function aiffHeader({ format, frameBytes = 1, isAifc }: PcmLayout, bytes: number): Uint8Array {
  const common = format.slice();
  viewOf(common).setUint32(2, bytes / frameBytes);
  const version = isAifc ? [chunk('FVER', bigEndian(0xa280_5140), false)] : [];
  const chunks = [
    text(isAifc ? 'AIFC' : 'AIFF'),
    ...version,
    chunk('COMM', common, false),
    text('SSND'),
    bigEndian(bytes + 8),
    new Uint8Array(8),
  ];
  const body = concat(chunks);
  return concat([text('FORM'), bigEndian(body.length + bytes + (bytes % 2)), body]);
}

function chunk(id: string, content: Uint8Array, isLittle: boolean): Uint8Array {
  const size = isLittle ? littleEndian(content.length) : bigEndian(content.length);
  return concat([text(id), size, content, new Uint8Array(content.length % 2)]);
}

function littleEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value, true);
  return bytes;
}

function bigEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value);
  return bytes;
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const concat = (parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);
