import { open } from 'node:fs/promises';

const header = (rate: number, channels: number, dataBytes: number): Buffer => {
  const bytes = Buffer.alloc(44);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + dataBytes, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(channels, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * channels * 2, 28);
  bytes.writeUInt16LE(channels * 2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(dataBytes, 40);
  return bytes;
};

const rate = 8000;

/** A mono WAV file with a tone that's silent whenever `isLoud` returns false. */
export function tone(seconds: number, isLoud: (second: number) => boolean = () => true): Buffer {
  const frames = Math.round(seconds * rate);
  const data = Buffer.alloc(frames * 2);
  for (let frame = 0; frame < frames; frame++) {
    const at = frame / rate;
    if (isLoud(at)) data.writeInt16LE(Math.round(12_000 * Math.sin(2 * Math.PI * 300 * at)), frame * 2);
  }
  return Buffer.concat([header(rate, 1, data.length), data]);
}

/** Quickly writes a silent CD-quality WAV of any length, as a sparse file with a header. */
export async function writeSilence(path: string, seconds: number): Promise<void> {
  const bytes = Math.round(seconds * 44_100) * 4;
  const file = await open(path, 'w');
  try {
    await file.write(header(44_100, 2, bytes));
    await file.truncate(44 + bytes);
  } finally {
    await file.close();
  }
}
