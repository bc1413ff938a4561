import type { EncodedPacket } from 'mediabunny';
import type { Cutter } from './clip.ts';
import { openContainer } from './container.ts';
import { opusSamples, packetsOf } from './packets.ts';

/** In seconds. Longer than any decoder needs, even for HE-AAC, which repeats its configuration only occasionally. */
const warmUp = 1;
/** Extra seconds after the clip, in case the server's trim rounds up. */
const margin = 0.1;

/** For MPEG-4 and WebM. Copies the audio packets without video and tags, with times that start at 0. */
export const cutContainer: Cutter = async (file, { clip, target, signal }) => {
  const { EncodedAudioPacketSource, Mp4OutputFormat, Output, StreamTarget, WebMOutputFormat } = await import(
    './mediabunny.ts'
  );
  using input = await openContainer(file);
  const track = await input.getPrimaryAudioTrack();
  const codec = await track?.getCodec();
  const decoderConfig = await track?.getDecoderConfig();
  if (!track || !codec || !decoderConfig) return undefined;
  const isWebm = ['WebM', 'Matroska'].includes((await input.getFormat()).name);

  const format = isWebm ? new WebMOutputFormat() : new Mp4OutputFormat({ fastStart: false });
  if (!format.getSupportedAudioCodecs().includes(codec)) return undefined;
  const output = new Output({
    format,
    target: new StreamTarget(
      new WritableStream({ write: ({ data, position }) => target.put(data, position) }),
      { chunked: true, chunkSize: 1 << 20 },
    ),
  });
  const source = new EncodedAudioPacketSource(codec);
  output.addAudioTrack(source);
  await output.start();
  let first: EncodedPacket | undefined;
  let end = 0;
  for await (const packet of packetsOf(file, track, clip.start - warmUp, clip.end + margin, signal)) {
    first ??= packet;
    end = packet.timestamp + packet.duration;
    await source.add(packet.clone({ timestamp: packet.timestamp - first.timestamp }), { decoderConfig });
  }
  if (!first) {
    await output.cancel();
    return undefined;
  }
  await output.finalize();
  const offset = isWebm && codec === 'opus' ? exactOpusTime(first) : first.timestamp;
  return { offset, seconds: end - first.timestamp };
};

/** WebM rounds times to milliseconds. Opus packets usually have equal lengths, which give the exact time. */
function exactOpusTime({ data, timestamp }: EncodedPacket): number {
  const length = opusSamples(data) / 48_000;
  const exact = Math.round(timestamp / length) * length;
  return Math.abs(exact - timestamp) < 0.0015 ? exact : timestamp;
}
