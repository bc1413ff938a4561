import type { EncodedPacket } from 'mediabunny';
import type { Cutter } from './clip.ts';
import { openContainer } from './container.ts';
import { indexOfText } from './bytes.ts';
import { opusSamples } from './opus.ts';
import { packetsOf } from './packets.ts';

/** Longer than any decoder needs: HE-AAC says only now and then how to read it. */
const warmUp = 1;
const behind = 0.1;

/** MPEG-4 and WebM: copies the packets of the sound, without pictures and tags, so that time starts at 0. */
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

  const times: number[] = [];
  const format = isWebm
    ? new WebMOutputFormat()
    : new Mp4OutputFormat({
        fastStart: false,
        onMoov: (moov, at) => times.push(...timesOf(moov).map(place => at + place)),
      });
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
  for await (const packet of packetsOf(file, track, clip.start - warmUp, clip.end + behind, signal)) {
    first ??= packet;
    end = packet.timestamp + packet.duration;
    await source.add(packet.clone({ timestamp: packet.timestamp - first.timestamp }), { decoderConfig });
  }
  if (!first) {
    await output.cancel();
    return undefined;
  }
  await output.finalize();
  // When a cut was made is nobody's business, and would make its bytes differ each time.
  for (const at of times) await target.put(new Uint8Array(8), at);
  const offset = isWebm && codec === 'opus' ? exactPlace(first) : first.timestamp;
  return { offset, seconds: end - first.timestamp };
};

/** WebM rounds times to milliseconds. Opus packets are all of one length as a rule, which tells the place exactly. */
function exactPlace({ data, timestamp }: EncodedPacket): number {
  const length = opusSamples(data) / 48_000;
  const place = Math.round(timestamp / length) * length;
  return Math.abs(place - timestamp) < 0.0015 ? place : timestamp;
}

/** Where MPEG-4 headers of version 0 hold the times of creation and change, 4 bytes each. */
const timesOf = (moov: Uint8Array): number[] =>
  ['mvhd', 'tkhd', 'mdhd'].flatMap(box => {
    const at = indexOfText(moov, box);
    return at < 0 ? [] : [at + 8];
  });
