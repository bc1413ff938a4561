import type { EncodedPacket, InputAudioTrack } from 'mediabunny';
import type { ByteReader } from './file.ts';

/** The packets that cover a stretch of a track, in order. */
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
    // A small file could otherwise fill the disk.
    if (bytes > file.size) throw new Error('The packets of this file overlap');
    yield packet;
    if (packet.timestamp + packet.duration >= end) return;
  }
}
