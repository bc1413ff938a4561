import type { EncodedPacket, InputAudioTrack } from 'mediabunny';
import type { ByteReader } from './file.ts';

/** Yields the packets that cover part of a track, in order. */
export async function* packetsOf(
  file: ByteReader,
  track: InputAudioTrack,
  start: number,
  end: number,
  signal: AbortSignal,
): AsyncGenerator<EncodedPacket, void, undefined> {
  const { EncodedPacketSink } = await import('./mediabunny.ts');
  const sink = new EncodedPacketSink(track);
  const first = (start > 0 && (await sink.getPacket(start))) || (await sink.getFirstPacket());
  if (!first) return;
  let bytes = 0;
  for await (const packet of sink.packets(first)) {
    signal.throwIfAborted();
    bytes += packet.byteLength;
    // Otherwise, a small file could fill the disk.
    if (bytes > file.size) throw new Error('The packets of this file overlap');
    yield packet;
    if (packet.timestamp + packet.duration >= end) return;
  }
}

/** The number of samples at 48 kHz in an Opus packet, from its first two bytes (RFC 6716, section 3.1). */
export function opusSamples(packet: Uint8Array): number {
  const [toc = 0, count = 0] = packet;
  const config = toc >> 3;
  const frame =
    config < 12
      ? ([480, 960, 1920, 2880][config & 3] ?? 0)
      : config < 16
        ? 480 << (config & 1)
        : 120 << (config & 3);
  const code = toc & 3;
  return frame * (code === 0 ? 1 : code === 3 ? count & 0x3f : 2);
}
