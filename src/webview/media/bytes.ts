import type { AssetSource } from '../../shared/asset.ts';
import { maxReadBytes } from '../../shared/protocol.ts';
import type { Ask } from '../channel.ts';

/** Small enough for reads of several files to take turns on the channel to the host. */
const pieceBytes = Math.min(4 * 1024 * 1024, maxReadBytes);

/** Reads the bytes `[from, to)` of a file. Returns fewer bytes if the file ends earlier. */
export type ReadRange = (from: number, to: number, signal?: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;

export function rangeReader(ask: Ask, source: AssetSource): ReadRange {
  return async (from, to, signal) => {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let at = from;
    while (at < to) {
      signal?.throwIfAborted();
      const length = Math.min(pieceBytes, to - at);
      const piece = await ask({ type: 'readBytes', source, from: at, length });
      pieces.push(asBytes(piece));
      at += piece.byteLength;
      if (piece.byteLength < length) break;
    }
    return pieces.length === 1 && pieces[0] ? pieces[0] : joined(pieces);
  };
}

export async function readBlob(
  ask: Ask,
  source: AssetSource,
  bytes: number,
  mediaType: string,
  signal?: AbortSignal,
): Promise<Blob> {
  return new Blob([await rangeReader(ask, source)(0, bytes, signal)], { type: mediaType });
}

/** Older versions of VS Code deliver a plain `ArrayBuffer`. */
export function asBytes(value: Uint8Array | ArrayBuffer): Uint8Array<ArrayBuffer> {
  return value instanceof ArrayBuffer ? new Uint8Array(value) : (value as Uint8Array<ArrayBuffer>);
}

/** `Uint8Array.fromBase64` requires Chrome 140 or later. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at);
  return bytes;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
