/** Samples at 48 kHz in an Opus packet, from its first two bytes (RFC 6716, section 3.1). */
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
