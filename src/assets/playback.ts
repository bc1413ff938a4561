import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentOf, extensionOf, mediaTypeOf } from '../shared/formats.ts';
import { HumanError } from '../shared/message.ts';
import type { CutReply } from '../shared/protocol.ts';
import type { Clip } from '../tools/request.ts';
import { cutClip } from './clip.ts';

/** A clip that is played is read as a whole: five minutes of CD sound are 53 MB. */
const largestClip = 128 << 20;

/**
 * The clip cut out without re-encoding, for the page to play.
 * @param name decides the format by its extension
 * @throws HumanError when this recording cannot be cut
 */
export async function cutForPlayback(
  path: string,
  name: string,
  clip: Clip,
  signal?: AbortSignal,
): Promise<CutReply> {
  const extension = extensionOf(name);
  const folder = await mkdtemp(join(tmpdir(), 'magic-hour-clip-'));
  try {
    const target = join(folder, `clip.${extension}`);
    const cut = contentOf(name) && (await cutClip(path, { extension, clip, target, signal }));
    if (!cut || cut.bytes > largestClip) throw new HumanError('asset.notCut');
    // A Buffer would reach the page as JSON: it has a `toJSON`, which is asked before its kind is looked at.
    return { bytes: new Uint8Array(await readFile(target)), mediaType: mediaTypeOf(name), start: cut.offset };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
