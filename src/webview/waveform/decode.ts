import { ALL_FORMATS, AudioSampleSink, CustomSource, Input } from 'mediabunny';
import type { ReadRange } from '../media/bytes.ts';
import { coarseToFine, type Moment } from './order.ts';
import type { Peaks } from './peaks.ts';
import { byteProbe, probeAt } from './probe.ts';

export interface Recording {
  readonly read: ReadRange;
  readonly bytes: number;
  /** Without the dot, lower case. */
  readonly extension: string;
  readonly seconds: number;
}

/** Up to this length in seconds every frame is there before the eye could tell. */
const shortSeconds = 180;
/** Moments that are listened to first, all over the recording. */
const moments = 256;
/** A file above this is never read as a whole: more moments, and what is zoomed into, must do. */
const maxWholeBytes = 80 * 1024 * 1024;
const momentsOfLarge = 1200;

/** Formats with an index, or that need none. */
const indexed: ReadonlySet<string> = new Set(['wav', 'm4a', 'mp4', 'mov']);

/** Decodes a recording for its picture, as much of it as is worth its bytes. Load it on first use: it is large. */
export interface Decoder {
  /** First a picture of the whole from some moments, then every frame if the file is not too large. */
  fill(peaks: Peaks, onProgress: () => void): Promise<void>;
  /** Every frame of a part that is being looked at. */
  refine(peaks: Peaks, from: number, to: number, onProgress: () => void): Promise<void>;
  close(): void;
}

/** @returns undefined where this build of Chromium cannot decode the recording (AAC in VS Code, AIFF, AMR). */
export async function openDecoder(recording: Recording, signal: AbortSignal): Promise<Decoder | undefined> {
  const { read, bytes, extension, seconds } = recording;
  const open = async (prefetchProfile: 'none' | 'fileSystem') => {
    const input = new Input({
      formats: ALL_FORMATS,
      source: new CustomSource({
        getSize: () => bytes,
        read: (from, to) => read(from, to, signal),
        maxCacheSize: 8 * 1024 * 1024,
        prefetchProfile,
        // A read ahead that is called off when the form closes is no bug.
        handleUnhandledError: () => undefined,
      }),
    });
    const track = await input.getPrimaryAudioTrack().catch(() => null);
    if (track && (await track.canDecode())) return { input, track, sink: new AudioSampleSink(track) };
    input.dispose();
    return undefined;
  };
  const whole = await open('fileSystem');
  if (!whole) return undefined;
  const { sink, track } = whole;
  // Where an index leads straight to a moment, nothing around it is worth reading.
  const spots = indexed.has(extension) ? await open('none') : undefined;
  const offset = await track.getFirstTimestamp();
  const isLarge = bytes > maxWholeBytes;
  const probe = await byteProbe(extension, read, bytes);

  const everyFrame = async (peaks: Peaks, from: number, to: number, onProgress: () => void) => {
    for await (const sample of sink.samples(from + offset, to + offset)) {
      try {
        if (signal.aborted) return;
        for (let channel = 0; channel < Math.min(2, sample.numberOfChannels); channel++) {
          const frames = new Float32Array(sample.numberOfFrames);
          sample.copyTo(frames, { planeIndex: channel, format: 'f32-planar' });
          peaks.add(sample.timestamp - offset, frames, sample.sampleRate);
        }
      } finally {
        sample.close();
      }
      onProgress();
    }
  };

  const someMoments = async (peaks: Peaks, count: number, onProgress: () => void) => {
    const context = probe && new OfflineAudioContext(1, 1, 44_100);
    const look = async ({ index, span }: Moment) => {
      const from = (index / count) * seconds;
      const level =
        probe && context
          ? await probeAt(probe, read, bytes, index / count, file => context.decodeAudioData(file))
          : await levelAt(spots?.sink ?? sink, from + offset + seconds / count / 2);
      if (level !== undefined) peaks.sample(from, from + (span / count) * seconds, level);
      onProgress();
    };
    // Several at a time: most of the time is the way to the host and back.
    const order = coarseToFine(count).values();
    await Promise.all(
      Array.from({ length: probe || spots ? 4 : 1 }, async () => {
        for (const moment of order) {
          if (signal.aborted) return;
          await look(moment);
        }
      }),
    );
  };

  return {
    async fill(peaks, onProgress) {
      if (seconds > shortSeconds) await someMoments(peaks, moments, onProgress);
      if (isLarge) await someMoments(peaks, momentsOfLarge, onProgress);
      else await everyFrame(peaks, 0, seconds, onProgress);
    },
    async refine(peaks, from, to, onProgress) {
      // Without an index, coming to the part would mean reading all before it.
      if (isLarge && !probe) await everyFrame(peaks, from, to, onProgress);
    },
    close() {
      whole.input.dispose();
      spots?.input.dispose();
    },
  };
}

async function levelAt(sink: AudioSampleSink, seconds: number): Promise<number | undefined> {
  const sample = await sink.getSample(seconds).catch(() => null);
  if (!sample) return undefined;
  try {
    const frames = new Float32Array(sample.numberOfFrames);
    sample.copyTo(frames, { planeIndex: 0, format: 'f32-planar' });
    return frames.reduce((level, frame) => Math.max(level, Math.abs(frame)), 0);
  } finally {
    sample.close();
  }
}
