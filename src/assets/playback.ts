import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentOf, extensionOf, mediaTypeOf } from '../shared/formats.ts';
import { HumanError } from '../shared/message.ts';
import type { CutReply } from '../shared/protocol.ts';
import type { Clip } from '../tools/request.ts';
import { cutClip } from './clip.ts';

/** Limited because the clip is read into memory. Five minutes of CD audio take 53 MB. */
const maxClipBytes = 128 << 20;

/**
 * Cuts out the clip without re-encoding, so that the page can play it.
 * @param name its extension determines the format
 * @throws HumanError if this file can't be cut
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
    if (!cut || cut.bytes > maxClipBytes) throw new HumanError('asset.notCut');
    // A Buffer would reach the page as JSON, because it has a `toJSON` method.
    return { bytes: new Uint8Array(await readFile(target)), mediaType: mediaTypeOf(name), start: cut.offset };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
