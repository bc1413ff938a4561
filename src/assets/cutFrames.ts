import type { Cutter } from './clip.ts';
import type { OpenFile } from './file.ts';
import { adtsFrames, amrFormat, mpegFrames, type FrameFormat } from './frameFormats.ts';
import { walkFrames } from './frames.ts';
import { readMpegStart } from './mpeg.ts';
import { sniff } from './sniff.ts';

/**
 * Decoders need earlier frames: MP3 uses bytes from up to two dozen of them (at 8 kbit/s), HE-AAC repeats its
 * configuration only occasionally, and AMR predicts from the last decoded frames.
 */
const warmUpFrames = 48;
const marginFrames = 4;

interface Stream {
  readonly format: FrameFormat;
  readonly from: number;
  /** Samples that players skip at the beginning of the file. */
  readonly skipped: number;
  /** Length of the magic number before the frames. */
  readonly magicBytes: number;
}

/** For MP3, ADTS, and AMR. Copies the frames of the clip and enough earlier ones to warm up the decoder. */
export const cutFrames: Cutter = async (file, { from, clip, target, signal }) => {
  const stream = await streamOf(file, from, signal);
  if (!stream) return undefined;
  // The last frames before the clip, to warm up the decoder.
  const recent: { at: number; sample: number }[] = [];
  let end = 0;
  let endSample = 0;
  let rate = 0;
  let left = marginFrames;
  await walkFrames(
    file,
    stream.format,
    stream.from,
    frame => {
      rate = frame.rate;
      const inClip = (frame.sample + frame.samples - stream.skipped) / rate > clip.start;
      if (!inClip && recent.push(frame) > warmUpFrames) recent.shift();
      if (inClip && recent.length === 0) recent.push(frame);
      end = frame.at + frame.bytes;
      endSample = frame.sample + frame.samples;
      return (endSample - stream.skipped) / rate < clip.end || left-- > 0;
    },
    signal,
  );
  const [first] = recent;
  if (!first || endSample <= first.sample) return undefined;
  if (stream.magicBytes > 0) await target.copy(file, 0, stream.magicBytes, signal);
  await target.copy(file, first.at, end - first.at, signal);
  return { offset: (first.sample - stream.skipped) / rate, seconds: (endSample - first.sample) / rate };
};

async function streamOf(file: OpenFile, from: number, signal: AbortSignal): Promise<Stream | undefined> {
  const amr = amrFormat(await file.read(0, 16));
  if (amr) return { format: amr.frames, from: amr.magicBytes, skipped: 0, magicBytes: amr.magicBytes };
  const found = await sniff(file);
  if (found && 'content' in found && found.content === 'adts')
    return { format: adtsFrames, from, skipped: 0, magicBytes: 0 };
  const start = await readMpegStart(file, from, signal);
  if (!start) return undefined;
  const { first, tag } = start;
  // The cut must not contain this tag, because players would then skip audio.
  return {
    format: mpegFrames,
    from: tag ? first.at + first.bytes : first.at,
    skipped: tag?.skipped ?? 0,
    magicBytes: 0,
  };
}
