import type { Cutter } from './clip.ts';
import { openContainer } from './container.ts';
import { OggWriter } from './oggWriter.ts';
import { viewOf } from './bytes.ts';
import { opusSamples, packetsOf } from './packets.ts';

/**
 * In seconds. Opus needs 80 ms to settle (RFC 7845, section 4.6), and Vorbis needs one packet. The rest allows for
 * players that round.
 */
const warmUp = 0.2;
/** Extra seconds after the clip, in case the server's trim rounds up. */
const margin = 0.1;

/**
 * For Vorbis and Opus. Copies packets into new pages with times that start at 0. We write the pages ourselves, because
 * mediabunny 1.61 counts the duration of the first Vorbis packet, which outputs no audio. ffmpeg's `-ss` would then be
 * up to 13 ms off.
 */
export const cutOgg: Cutter = async (file, { clip, target, signal }) => {
  using input = await openContainer(file);
  const track = await input.getPrimaryAudioTrack();
  const config = await track?.getDecoderConfig();
  const description = config?.description && bytesOf(config.description);
  if (!track || !config || !description) return undefined;
  const codec = await track.getCodec();
  if (codec !== 'vorbis' && codec !== 'opus') return undefined;
  const isOpus = codec === 'opus';
  const rate = isOpus ? 48_000 : config.sampleRate;
  const preSkip = isOpus ? viewOf(description).getUint16(10, true) : 0;

  const writer = new OggWriter(target);
  if (isOpus) await writer.header([description, emptyTags('OpusTags', false)]);
  else await writer.header(vorbisHeaders(description));

  let offset: number | undefined;
  let granule = 0;
  for await (const packet of packetsOf(file, track, clip.start - warmUp, clip.end + margin, signal)) {
    const samples = isOpus ? opusSamples(packet.data) : Math.round(packet.duration * rate);
    // The first Vorbis packet only prepares the decoder. Audio starts where that packet ends.
    if (isOpus || offset !== undefined) granule += samples;
    // mediabunny has already subtracted the pre-skip from the very first Opus packet.
    if (packet.timestamp === 0 && isOpus) offset ??= 0;
    offset ??= packet.timestamp + (isOpus ? preSkip / rate : packet.duration);
    await writer.packet(packet.data, granule);
  }
  await writer.end();
  return offset === undefined ? undefined : { offset, seconds: (granule - preSkip) / rate };
};

const bytesOf = (buffer: ArrayBufferView | ArrayBufferLike): Uint8Array =>
  ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);

/** Reads the three headers from Matroska's layout: a count, two sizes in Xiph lacing, then the headers. */
function vorbisHeaders(description: Uint8Array): Uint8Array[] {
  let at = 1;
  const size = () => {
    let sum = 0;
    let byte: number;
    do sum += byte = description[at++] ?? 0;
    while (byte === 255);
    return sum;
  };
  const identification = size();
  const comment = size();
  return [
    description.slice(at, at + identification),
    emptyTags('\x03vorbis', true),
    description.slice(at + identification + comment),
  ];
}

/** A comment header without comments, because cover art and titles don't need to be uploaded. */
function emptyTags(magic: string, isFramed: boolean): Uint8Array {
  const bytes = new Uint8Array(magic.length + 8 + (isFramed ? 1 : 0));
  bytes.set(new TextEncoder().encode(magic));
  if (isFramed) bytes[bytes.length - 1] = 1;
  return bytes;
}
