const table = (polynomial: number, bits: number): Uint32Array =>
  Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte << (bits - 8);
    for (let bit = 0; bit < 8; bit++)
      value = value & (1 << (bits - 1)) ? (value << 1) ^ polynomial : value << 1;
    return bits === 32 ? value >>> 0 : value & ((1 << bits) - 1);
  });

const table8 = table(0x07, 8);
const table16 = table(0x8005, 16);
const table32 = table(0x04c1_1db7, 32);

/** The checksum of a FLAC frame's header (RFC 9639, section 9.1.8). */
export function crc8(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let at = from; at < to; at++) crc = table8[crc ^ (bytes[at] as number)] as number;
  return crc;
}

/** The checksum of a FLAC frame (RFC 9639, section 9.3), continued from an earlier value. */
export function crc16(bytes: Uint8Array, from: number, to: number, crc = 0): number {
  for (let at = from; at < to; at++)
    crc = ((crc << 8) & 0xffff) ^ (table16[(crc >> 8) ^ (bytes[at] as number)] as number);
  return crc;
}

/** The checksum of an Ogg page (RFC 3533, section 6). */
export function crc32(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ (table32[(crc >>> 24) ^ byte] as number)) >>> 0;
  return crc;
}
