import { viewOf } from './bytes.ts';
import { crc32 } from './crc.ts';
import type { Target } from './target.ts';

const serial = 1;
const pageBytes = 4096;
const longestLacing = 255;
const flag = { continued: 1, first: 2, last: 4 } as const;

/** Writes one logical stream as Ogg pages (RFC 3533). */
export class OggWriter {
  readonly #target: Target;
  #page = 0;
  #lacing: number[] = [];
  #data: Uint8Array[] = [];
  #bytes = 0;
  #granule = 0;
  /** Whether a packet ends on this page. Otherwise, the page has no granule position. */
  #hasEnd = false;
  #isContinued = false;

  constructor(target: Target) {
    this.#target = target;
  }

  /** Writes the identification header on a page of its own, and the other headers on pages without audio. */
  async header(packets: readonly Uint8Array[]): Promise<void> {
    for (const [index, packet] of packets.entries()) {
      await this.packet(packet, 0);
      if (index === 0) await this.#flush(0);
    }
    await this.#flush(0);
  }

  /** @param granule the number of samples up to the end of this packet */
  async packet(data: Uint8Array, granule: number): Promise<void> {
    if (this.#bytes >= pageBytes) await this.#flush(0);
    for (let at = 0; ; at += longestLacing) {
      if (this.#lacing.length === longestLacing) {
        const isWithin = at > 0;
        await this.#flush(0);
        this.#isContinued = isWithin;
      }
      const piece = data.subarray(at, at + longestLacing);
      this.#lacing.push(piece.length);
      this.#data.push(piece);
      this.#bytes += piece.length;
      if (piece.length < longestLacing) break;
    }
    this.#granule = granule;
    this.#hasEnd = true;
  }

  async end(): Promise<void> {
    await this.#flush(flag.last);
  }

  async #flush(extra: number): Promise<void> {
    if (this.#lacing.length === 0 && extra === 0) return;
    const head = 27 + this.#lacing.length;
    const page = new Uint8Array(head + this.#bytes);
    const view = viewOf(page);
    page.set([0x4f, 0x67, 0x67, 0x53]);
    page[5] = (this.#page === 0 ? flag.first : 0) | (this.#isContinued ? flag.continued : 0) | extra;
    view.setBigInt64(6, this.#hasEnd ? BigInt(this.#granule) : -1n, true);
    view.setUint32(14, serial, true);
    view.setUint32(18, this.#page++, true);
    page[26] = this.#lacing.length;
    page.set(this.#lacing, 27);
    let at = head;
    for (const piece of this.#data) {
      page.set(piece, at);
      at += piece.length;
    }
    view.setUint32(22, crc32(page), true);
    this.#lacing = [];
    this.#data = [];
    this.#bytes = 0;
    this.#isContinued = false;
    this.#hasEnd = false;
    await this.#target.append(page);
  }
}
