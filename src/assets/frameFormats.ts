import { textAt } from './bytes.ts';

/** One frame of a stream without an index. */
export interface Frame {
  readonly bytes: number;
  readonly samples: number;
  readonly rate: number;
  /** The same for all frames of a file. Data with a different value isn't one of its frames. */
  readonly stream: number;
}

/** Audio that consists only of frames: MPEG audio, ADTS, AMR. */
export interface FrameFormat {
  readonly headerBytes: number;
  /** Returns undefined if no frame starts here or fewer than `headerBytes` bytes are left. */
  parse(bytes: Uint8Array, at: number): Frame | undefined;
}

const mpegRates = [44_100, 48_000, 32_000];
/** kbit/s by [MPEG-1, MPEG-2/2.5] × [layer I, II, III] (ISO/IEC 11172-3 and 13818-3, table of bit rates). */
const mpegBitRates = [
  [
    [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  ],
  [
    [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  ],
] as const;

/** MPEG-1, 2, and 2.5, layers I to III, except for the free format (no bit rate in the header). */
export const mpegFrames: FrameFormat = {
  headerBytes: 4,
  parse(bytes, at) {
    const b1 = bytes[at + 1] ?? 0;
    const b2 = bytes[at + 2] ?? 0;
    if (bytes[at] !== 0xff || (b1 & 0xe0) !== 0xe0 || at + 4 > bytes.length) return undefined;
    const version = (b1 >> 3) & 3; // 0: 2.5, 2: 2, 3: 1
    const layer = 4 - ((b1 >> 1) & 3);
    if (version === 1 || layer === 4) return undefined;
    const half = version !== 3;
    const kbits = mpegBitRates[half ? 1 : 0][layer - 1]?.[(b2 >> 4) - 1];
    const fullRate = mpegRates[(b2 >> 2) & 3];
    if (!kbits || !fullRate) return undefined;
    const rate = fullRate / (version === 3 ? 1 : version === 2 ? 2 : 4);
    const samples = layer === 1 ? 384 : layer === 3 && half ? 576 : 1152;
    const padding = (b2 >> 1) & 1;
    const size =
      layer === 1
        ? (Math.floor((12_000 * kbits) / rate) + padding) * 4
        : Math.floor((samples * 125 * kbits) / rate) + padding;
    return { bytes: size, samples, rate, stream: (version << 24) | (layer << 20) | rate };
  },
};

const adtsRates = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];

/** AAC in ADTS (ISO/IEC 14496-3, 1.A.3.2). With implicit SBR, the decoder doubles both the rate and the samples. */
export const adtsFrames: FrameFormat = {
  headerBytes: 7,
  parse(bytes, at) {
    const [sync, b1 = 0, b2 = 0, b3 = 0, b4 = 0, b5 = 0, b6 = 0] = bytes.subarray(at, at + 7);
    if (sync !== 0xff || (b1 & 0xf6) !== 0xf0 || at + 7 > bytes.length) return undefined;
    const rateIndex = (b2 >> 2) & 15;
    const rate = adtsRates[rateIndex];
    const size = ((b3 & 3) << 11) | (b4 << 3) | (b5 >> 5);
    const headerBytes = (b1 & 1) === 1 ? 7 : 9;
    if (!rate || size < headerBytes) return undefined;
    return { bytes: size, samples: 1024 * ((b6 & 3) + 1), rate, stream: (b2 & 0xfc) | (rateIndex << 8) };
  },
};

/** Bytes by frame type, including the header byte (RFC 4867, section 5.3; 3GPP TS 26.101 and 26.201). */
const amrNarrow = [13, 14, 16, 18, 20, 21, 27, 32, 6, 7, 6, 6, 0, 0, 0, 1];
const amrWide = [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1];

const amrFrames = (sizes: readonly number[], rate: number): FrameFormat => ({
  headerBytes: 1,
  parse(bytes, at) {
    const head = bytes[at];
    if (head === undefined || (head & 0x83) !== 0) return undefined;
    const size = sizes[head >> 3];
    return size ? { bytes: size, samples: rate / 50, rate, stream: rate } : undefined;
  },
});

/** Detects the AMR storage format for one channel by its magic number. No known encoder writes multiple channels. */
export function amrFormat(
  head: Uint8Array,
): { readonly magicBytes: number; readonly frames: FrameFormat } | undefined {
  if (textAt(head, 0, 6) === '#!AMR\n') return { magicBytes: 6, frames: amrFrames(amrNarrow, 8_000) };
  if (textAt(head, 0, 9) === '#!AMR-WB\n') return { magicBytes: 9, frames: amrFrames(amrWide, 16_000) };
  return undefined;
}
