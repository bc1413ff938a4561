import type { EncodedPacket, InputAudioTrack } from 'mediabunny';

/** The packets that cover a stretch of a track, in order. */
export async function* packetsOf(
  track: InputAudioTrack,
  start: number,
  end: number,
  signal: AbortSignal,
): AsyncGenerator<EncodedPacket, void, undefined> {
  const { EncodedPacketSink } = await import('./mediabunny.ts');
  const sink = new EncodedPacketSink(track);
  const first = (start > 0 && (await sink.getPacket(start))) || (await sink.getFirstPacket());
  if (!first) return;
  for await (const packet of sink.packets(first)) {
    signal.throwIfAborted();
    yield packet;
    if (packet.timestamp + packet.duration >= end) return;
  }
}
