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
  /** In lowercase, without the dot. */
  readonly extension: string;
  /** In seconds from the start of the file, as shown by players. */
  readonly clip: Clip;
  /** Path of the file to write. An existing file is replaced. */
  readonly target: string;
  readonly signal?: AbortSignal;
}

export interface Cut {
  readonly bytes: number;
  /** Duration of the cut, as shown by players. */
  readonly seconds: number;
  /** Where the cut starts in the file: second `t` of the file is second `t - offset` of the cut. */
  readonly offset: number;
}

/** Copies complete frames or packets that cover a little more than the clip, without changing the audio in them. */
export type Cutter = (
  file: OpenFile,
  job: { readonly from: number; readonly clip: Clip; readonly target: Target; readonly signal: AbortSignal },
) => Promise<Omit<Cut, 'bytes'> | undefined>;

/**
 * Cuts a clip out of an audio file without re-encoding, in constant memory. The cut is a little longer than the clip.
 * @returns undefined if this file can't be cut
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

/** False if the index is damaged or the audio starts later than the video. The complete file is then uploaded. */
const covers = (cut: Omit<Cut, 'bytes'>, clip: Clip): boolean =>
  cut.offset <= clip.start + 1e-6 && cut.offset + cut.seconds >= clip.end - endSlack;

/**
 * A clip may end after the last sample, because durations are rounded for display and WebM has none for the last
 * packet.
 */
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
