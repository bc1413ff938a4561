import { contentOf } from '../shared/formats.ts';
import type { Clip } from '../tools/request.ts';
import { cutContainer } from './cutContainer.ts';
import { cutFlac } from './cutFlac.ts';
import { cutFrames } from './cutFrames.ts';
import { cutOgg } from './cutOgg.ts';
import { cutPcm } from './cutPcm.ts';
import { openFile, type OpenFile } from './file.ts';
import { sniff } from './sniff.ts';
import { writeTo, type Target } from './target.ts';

export interface CutOptions {
  /** Lower case, without the dot. */
  readonly extension: string;
  /** In seconds of the file, as players show them. */
  readonly clip: Clip;
  /** Path of the file to write. Replaces an existing one. */
  readonly target: string;
  readonly signal?: AbortSignal;
}

export interface Cut {
  readonly bytes: number;
  /** Duration of the cut, as players show it. */
  readonly seconds: number;
  /** Second t of the file is second t - offset of the cut. */
  readonly offset: number;
}

/** Copies complete frames or packets, a little more than the clip, without changing the audio in them. */
export type Cutter = (
  file: OpenFile,
  job: { readonly from: number; readonly clip: Clip; readonly target: Target; readonly signal: AbortSignal },
) => Promise<Omit<Cut, 'bytes'> | undefined>;

/**
 * Cuts a clip out of an audio file without re-encoding, a little longer than requested, in constant memory.
 * @returns undefined when this file can't be cut
 */
export async function cutClip(
  path: string,
  { extension, clip, target, signal = new AbortController().signal }: CutOptions,
): Promise<Cut | undefined> {
  await using file = await openFile(path);
  const found = await sniff(file);
  if (!found || !('content' in found) || found.content !== contentOf(`a.${extension}`)) return undefined;
  const cutter = cutters[found.content];
  if (!cutter) return undefined;
  return await writeTo(target, async writer => {
    const cut = await cutter(file, { from: found.from, clip, target: writer, signal });
    return cut && covers(cut, clip) ? { ...cut, bytes: writer.bytes } : undefined;
  });
}

/** False for a damaged index or audio that starts later than the video: then the complete file is uploaded. */
const covers = (cut: Omit<Cut, 'bytes'>, clip: Clip): boolean =>
  cut.offset <= clip.start + 1e-6 && cut.offset + cut.seconds >= clip.end - endSlack;

/** A clip may end after the last sample: durations are shown rounded, and WebM has none for the last packet. */
const endSlack = 0.1;

export const cutters: Readonly<Partial<Record<ReturnType<typeof contentOf> & string, Cutter>>> = {
  wav: cutPcm,
  aiff: cutPcm,
  mp3: cutFrames,
  adts: cutFrames,
  amr: cutFrames,
  flac: cutFlac,
  ogg: cutOgg,
  mp4: cutContainer,
  matroska: cutContainer,
};
