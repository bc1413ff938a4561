import { viewOf } from './bytes.ts';
import type { ByteReader } from './file.ts';

/** What the head of a native FLAC file says (RFC 9639, section 8). */
export interface FlacHead {
  /** The 34 bytes of STREAMINFO. */
  readonly info: Uint8Array;
  readonly rate: number;
  readonly maxBlock: number;
  readonly minBlock: number;
  /** undefined: the writer did not know. */
  readonly samples: number | undefined;
  /** Where the first frame begins. */
  readonly framesFrom: number;
}

/** @param from where `fLaC` stands, behind an ID3 tag if there is one */
export async function readFlacHead(file: ByteReader, from: number): Promise<FlacHead | undefined> {
  const info = await file.read(from + 8, 34);
  const first = await file.read(from + 4, 4);
  if (info.length < 34 || ((first[0] ?? 0) & 0x7f) !== 0) return undefined;
  const view = viewOf(info);
  const rate = view.getUint32(10) >>> 12;
  const samples = ((info[13] ?? 0) & 15) * 2 ** 32 + view.getUint32(14);
  if (rate === 0) return undefined;
  let at = from + 4;
  for (let block = 0; block < 10_000; block++) {
    const head = await file.read(at, 4);
    if (head.length < 4) return undefined;
    const word = viewOf(head).getUint32(0);
    at += 4 + (word & 0xff_ffff);
    if (word >>> 31 === 1) break;
  }
  return {
    info,
    rate,
    minBlock: view.getUint16(0),
    maxBlock: view.getUint16(2),
    samples: samples || undefined,
    framesFrom: at,
  };
}
