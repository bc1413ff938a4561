import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const { path: ffmpegPath } = createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as { path: string };

/** A small real portrait, for jobs that need an image. */
export const portrait = fileURLToPath(new URL('../sample-workspace/portraits/anna.png', import.meta.url));

export const hourFormats = ['wav', 'mp3', 'm4a', 'flac', 'ogg'] as const;
export type HourFormat = (typeof hourFormats)[number];

/** @returns standard output as bytes */
export async function ffmpeg(...args: readonly string[]): Promise<Buffer> {
  const { stdout } = await run(ffmpegPath, ['-v', 'error', '-nostdin', '-y', ...args], {
    encoding: 'buffer',
    maxBuffer: 1 << 30,
  });
  return stdout;
}

const encoders: Readonly<Record<HourFormat, readonly string[]>> = {
  wav: ['-c:a', 'pcm_s16le'],
  mp3: ['-c:a', 'libmp3lame', '-b:a', '128k'],
  m4a: ['-c:a', 'aac', '-b:a', '128k'],
  flac: ['-c:a', 'flac'],
  ogg: ['-c:a', 'libvorbis', '-q:a', '4'],
};

/** Audio files and images, created by ffmpeg on first use and kept for later runs. */
export class Media {
  readonly #folder: string;
  readonly #rate: number;
  readonly #made = new Map<string, Promise<string>>();

  /** @param rate Samples per second of the audio. */
  constructor(folder: string, rate = 44_100) {
    this.#folder = folder;
    this.#rate = rate;
  }

  /** An hour of mono audio, like a voice recording. */
  hour(format: HourFormat): Promise<string> {
    return this.#make(`hour.${format}`, async draft => {
      // Repeats one minute, because encoding an hour takes minutes and copying packets takes seconds. FLAC starts
      // from WAV because its frames are numbered.
      const minute = await this.audio(format === 'flac' ? 'wav' : format, 60);
      const codec = format === 'flac' ? encoders.flac : ['-c', 'copy'];
      await ffmpeg('-stream_loop', '59', '-i', minute, ...codec, draft);
    });
  }

  /** Noise that never repeats, in the format of `extension`. */
  audio(extension: string, seconds: number, encoder?: readonly string[]): Promise<string> {
    return this.#make(`audio-${seconds}.${extension}`, async draft => {
      const noise = `anoisesrc=duration=${seconds}:sample_rate=${this.#rate}:seed=7:color=pink:amplitude=0.4`;
      const args = encoder ?? encoders[extension as HourFormat] ?? [];
      await ffmpeg('-f', 'lavfi', '-i', noise, '-ac', '1', ...args, draft);
    });
  }

  /** Returns a different image of about 1 MB for each number. */
  image(number: number): Promise<string> {
    return this.#make(`image-${number}.png`, async draft => {
      const noise = `nullsrc=size=720x720,geq=random(1)*255:128:128,hue=h=${number * 11}`;
      await ffmpeg('-f', 'lavfi', '-i', noise, '-frames:v', '1', draft);
    });
  }

  /** A file of random bytes. */
  noise(mebibytes: number): Promise<string> {
    return this.#make(`noise-${mebibytes}.wav`, async draft => {
      const file = createWriteStream(draft);
      const piece = randomBytes(1 << 20);
      for (let at = 0; at < mebibytes; at++) {
        piece.writeUInt32LE(at);
        if (!file.write(Buffer.from(piece))) await once(file, 'drain');
      }
      await finished(file.end());
    });
  }

  #make(name: string, make: (draft: string) => Promise<void>): Promise<string> {
    const making = this.#made.get(name) ?? this.#makeFile(name, make);
    this.#made.set(name, making);
    return making;
  }

  async #makeFile(name: string, make: (draft: string) => Promise<void>): Promise<string> {
    const path = join(this.#folder, name);
    if (existsSync(path)) return path;
    await mkdir(this.#folder, { recursive: true });
    const draft = join(this.#folder, `draft-${process.pid}-${name}`);
    await make(draft);
    await rename(draft, path);
    return path;
  }
}
