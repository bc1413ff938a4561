import type { Input } from 'mediabunny';
import { HumanError } from '../shared/message.ts';
import type { Content } from '../shared/formats.ts';
import { openContainer } from './container.ts';
import type { OpenFile } from './file.ts';
import { readFlacMetadata } from './flac.ts';
import { adtsFrames, amrFormat, mpegFrames, type FrameFormat } from './frameFormats.ts';
import { walkFrames } from './frames.ts';
import { readMpegStart } from './mpeg.ts';
import { readAiff, readWav } from './pcm.ts';

export interface MediaInfo {
  /** In pixels, for videos only. */
  readonly width?: number;
  readonly height?: number;
  /** In frames per second, for videos only. */
  readonly frameRate?: number;
  /** As shown by players, without the encoder delay. undefined if unknown. */
  readonly seconds: number | undefined;
}

/**
 * Determines the exact duration of an audio file without decoding it.
 * @param from the offset of the media, after ID3 tags
 * @returns undefined if the content is damaged
 * @throws HumanError if there is no audio; the signal's reason if it's aborted
 */
export async function readAudio(
  file: OpenFile,
  content: Content,
  from: number,
  signal: AbortSignal,
): Promise<MediaInfo | undefined> {
  switch (content) {
    case 'wav':
      return await readWav(file);
    case 'aiff':
      return await readAiff(file);
    case 'mp3':
      return await readMpeg(file, from, signal);
    case 'adts':
      return await countFrames(file, adtsFrames, from, signal);
    case 'amr': {
      const format = amrFormat(await file.read(0, 16));
      return format
        ? await countFrames(file, format.frames, format.magicBytes, signal)
        : { seconds: undefined };
    }
    case 'flac': {
      const head = await readFlacMetadata(file, from);
      return head && { seconds: head.samples === undefined ? undefined : head.samples / head.rate };
    }
    default:
      return await readContainer(file, signal);
  }
}

/** The frame rate is measured from the first frames only, because reading all of them may take a long time. */
const countedFrames = 200;

/**
 * Determines the duration, size, and frame rate of a video.
 * @returns undefined if the content is damaged
 * @throws HumanError if there is no video track; the signal's reason if it's aborted
 */
export async function readVideo(file: OpenFile, signal: AbortSignal): Promise<MediaInfo | undefined> {
  return await withContainer(file, signal, async input => {
    const track = await input.getPrimaryVideoTrack();
    if (!track) {
      if ((await input.getTracks()).length === 0) return undefined;
      throw new HumanError('asset.noPictures', { name: file.name });
    }
    const seconds = await track.computeDuration({ metadataOnly: true });
    const { averagePacketRate } = await track.computePacketStats(countedFrames);
    return {
      ...(Number.isFinite(averagePacketRate) &&
        averagePacketRate > 0 && { frameRate: round(averagePacketRate) }),
      width: await track.getDisplayWidth(),
      height: await track.getDisplayHeight(),
      seconds: Number.isFinite(seconds) && seconds > 0 ? seconds : undefined,
    };
  });
}

const round = (frameRate: number): number => Math.round(frameRate * 1000) / 1000;

async function countFrames(
  file: OpenFile,
  format: FrameFormat,
  from: number,
  signal: AbortSignal,
): Promise<MediaInfo | undefined> {
  let seconds = 0;
  await walkFrames(
    file,
    format,
    from,
    ({ sample, samples, rate }) => {
      seconds = (sample + samples) / rate;
    },
    signal,
  );
  return seconds > 0 ? { seconds } : undefined;
}

async function readMpeg(file: OpenFile, from: number, signal: AbortSignal): Promise<MediaInfo | undefined> {
  const start = await readMpegStart(file, from, signal);
  if (!start) return undefined;
  const { first, tag } = start;
  const left = (samples: number) => ({
    seconds: Math.max(0, samples - (tag?.skipped ?? 0) - (tag?.cutOff ?? 0)) / first.rate,
  });
  // If the tag matches the file, the rest doesn't need to be read.
  const rest = file.size - first.at;
  if (tag?.frames && tag.bytes && Math.abs(tag.bytes - rest) <= 4096 + rest * 0.001)
    return left(tag.frames * first.samples);
  const whole = await countFrames(file, mpegFrames, first.at, signal);
  return whole?.seconds === undefined
    ? undefined
    : left(Math.round(whole.seconds * first.rate) - (tag ? first.samples : 0));
}

async function readContainer(file: OpenFile, signal: AbortSignal): Promise<MediaInfo | undefined> {
  return await withContainer(file, signal, async input => {
    const track = await input.getPrimaryAudioTrack();
    if (!track) {
      // The audio may use a codec that mediabunny doesn't support (Speex, FLAC in Ogg).
      if ((await input.getFormat()).name === 'Ogg') return { seconds: undefined };
      if ((await input.getTracks()).length === 0) return undefined;
      throw new HumanError('asset.noSound', { name: file.name });
    }
    const seconds = await track.computeDuration({ metadataOnly: true });
    return { seconds: Number.isFinite(seconds) && seconds > 0 ? seconds : undefined };
  });
}

async function withContainer(
  file: OpenFile,
  signal: AbortSignal,
  read: (input: Input) => Promise<MediaInfo | undefined>,
): Promise<MediaInfo | undefined> {
  using input = await openContainer(file);
  const stop = () => input.dispose();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await read(input);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof HumanError) throw error;
    return undefined; // mediabunny couldn't parse the file
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
