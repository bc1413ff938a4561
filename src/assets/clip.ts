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
  /** In seconds of the whole recording, as players count. */
  readonly clip: Clip;
  /** Path of the file to write; a file that is there is replaced. */
  readonly target: string;
  readonly signal?: AbortSignal;
}

export interface Cut {
  readonly bytes: number;
  /** Length of the cut as players count. */
  readonly seconds: number;
  /** Where in the recording the cut begins: second t of the recording is second t - offset of the cut. */
  readonly offset: number;
}

/** One way of cutting. Writes whole frames or packets, a little wider than the clip, none of them changed. */
export type Cutter = (
  file: OpenFile,
  job: { readonly from: number; readonly clip: Clip; readonly target: Target; readonly signal: AbortSignal },
) => Promise<Omit<Cut, 'bytes'> | undefined>;

/**
 * Cuts a clip out of a recording without re-encoding, a little wider than asked, in constant memory. The same cut of the
 * same recording has the same bytes each time, so that it needs to be uploaded once.
 * @returns undefined when this recording cannot be cut
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

/** A recording that begins late or ends early (a broken index, sound that starts behind the picture) goes up whole. */
const covers = (cut: Omit<Cut, 'bytes'>, clip: Clip): boolean =>
  cut.offset <= clip.start + 1e-6 && cut.offset + cut.seconds >= clip.end - endSlack;

/** A clip may end a little behind the last sample: lengths are shown rounded, and WebM knows no last packet's length. */
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
