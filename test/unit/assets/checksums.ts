import { crc8, crc16 } from '../../../src/assets/crc.ts';

/** Corrects the checksums, so that damaged data reaches the code behind the checksum check. */
export function repaired(name: string, bytes: Uint8Array): Uint8Array {
  if (name.endsWith('.flac')) repairFlac(bytes);
  if (/\.(?:ogg|opus)$/.test(name)) repairOgg(bytes);
  return bytes;
}

function repairFlac(bytes: Uint8Array): void {
  let frameAt: number | undefined;
  for (let at = bytes.indexOf(0xff, 42); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const headerBytes = flacHeaderBytes(bytes, at);
    if (headerBytes === undefined) continue;
    bytes[at + headerBytes - 1] = crc8(bytes, at, at + headerBytes - 1);
    if (frameAt !== undefined && at - frameAt > 18)
      new DataView(bytes.buffer).setUint16(at - 2, crc16(bytes, frameAt, at - 2));
    frameAt = at;
  }
}

/** The length of a possible frame header, including its checksum. */
function flacHeaderBytes(bytes: Uint8Array, at: number): number | undefined {
  const [sync, b1 = 0, b2 = 0, , lead = 0] = bytes.subarray(at, at + 18);
  if (sync !== 0xff || (b1 & 0xfe) !== 0xf8 || at + 18 > bytes.length) return undefined;
  const numberBytes = lead < 0x80 ? 1 : Math.clz32(~lead << 24);
  if (numberBytes < 1 || numberBytes > 7) return undefined;
  const [size, rate] = [b2 >> 4, b2 & 15];
  return 5 + numberBytes + (size === 6 ? 1 : size === 7 ? 2 : 0) + (rate === 12 ? 1 : rate > 12 ? 2 : 0);
}

function repairOgg(bytes: Uint8Array): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = buffer.indexOf('OggS'); at >= 0; at = buffer.indexOf('OggS', at + 4)) {
    const segments = bytes[at + 26] ?? 0;
    const lacing = bytes.subarray(at + 27, at + 27 + segments);
    const end = at + 27 + segments + lacing.reduce((sum, each) => sum + each, 0);
    if (end > bytes.length) return;
    buffer.writeUInt32LE(0, at + 22);
    buffer.writeUInt32LE(oggCrc(bytes.subarray(at, end)), at + 22);
  }
}

const oggTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value & (1 << 31) ? (value << 1) ^ 0x04c1_1db7 : value << 1;
  return value >>> 0;
});

function oggCrc(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ (oggTable[(crc >>> 24) ^ byte] ?? 0)) >>> 0;
  return crc;
}
