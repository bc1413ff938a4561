import { ALL_FORMATS, AudioSampleSink, CustomSource, Input } from 'mediabunny';
import { coarseToFine, type Moment } from './order.ts';
import type { Peaks } from './peaks.ts';
import { byteProbe, probeAt } from './probe.ts';
import type { AudioFile } from './waveform.ts';

/** Length in seconds up to which decoding every frame isn't noticeably slow. */
const shortSeconds = 180;
/** Number of moments across the file that are decoded first. */
const moments = 256;
/** Larger files are never read completely. Only more moments and the parts the user zooms into are decoded. */
const maxWholeBytes = 80 * 1024 * 1024;
const momentsOfLarge = 1200;

/** Formats that have an index or don't need one. */
const indexed: ReadonlySet<string> = new Set(['wav', 'm4a', 'mp4', 'mov']);

/**
 * Decodes an audio file for its waveform, reading only as much as needed. This module is large, so load it on first
 * use.
 */
export interface Decoder {
  /** Decodes some moments across the file first, then every frame if the file isn't too large. */
  fill(peaks: Peaks, onProgress: () => void): Promise<void>;
  /** Decodes every frame of a visible range. */
  refine(peaks: Peaks, from: number, to: number, onProgress: () => void): Promise<void>;
  close(): void;
}

/** @returns undefined if this build of Chromium can't decode the format (AAC in VS Code, AIFF, AMR). */
export async function openDecoder(file: AudioFile, signal: AbortSignal): Promise<Decoder | undefined> {
  const { read, bytes, extension, seconds } = file;
  const open = async (prefetchProfile: 'none' | 'fileSystem') => {
    const input = new Input({
      formats: ALL_FORMATS,
      source: new CustomSource({
        getSize: () => bytes,
        read: (from, to) => read(from, to, signal),
        maxCacheSize: 8 * 1024 * 1024,
        prefetchProfile,
        // Closing the form aborts read-aheads, which isn't an error.
        handleUnhandledError: () => undefined,
      }),
    });
    const track = await input.getPrimaryAudioTrack().catch(() => null);
    if (track && (await track.canDecode())) return { input, track, sink: new AudioSampleSink(track) };
    input.dispose();
    return undefined;
  };
  const main = await open('fileSystem');
  if (!main) return undefined;
  const { sink, track } = main;
  // With an index, a moment can be read without the data around it.
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
    const decodeMoment = async ({ index, span }: Moment) => {
      const from = (index / count) * seconds;
      const level =
        probe && context
          ? await probeAt(probe, read, bytes, index / count, bytes => context.decodeAudioData(bytes))
          : await levelAt(spots?.sink ?? sink, from + offset + seconds / count / 2);
      if (level !== undefined) peaks.sample(from, from + (span / count) * seconds, level);
      onProgress();
    };
    // Decodes several at a time, because most of the time is spent on round trips to the host.
    const order = coarseToFine(count).values();
    await Promise.all(
      Array.from({ length: probe || spots ? 4 : 1 }, async () => {
        for (const moment of order) {
          if (signal.aborted) return;
          await decodeMoment(moment);
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
      // Formats with a probe have no index, so everything before the range would have to be read.
      if (isLarge && !probe) await everyFrame(peaks, from, to, onProgress);
    },
    close() {
      main.input.dispose();
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
