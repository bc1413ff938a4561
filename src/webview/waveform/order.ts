/** One of `count` equal parts. It stands for `span` parts until its neighbors are decoded. */
export interface Moment {
  readonly index: number;
  readonly span: number;
}

/** Returns 0 to `count` - 1 in ever smaller strides, so that the overview comes before the details. */
export function coarseToFine(count: number): Moment[] {
  const seen = new Set<number>();
  const moments: Moment[] = [];
  for (let span = 2 ** Math.ceil(Math.log2(Math.max(1, count))); span >= 1; span /= 2) {
    for (let index = 0; index < count; index += span) {
      if (seen.has(index)) continue;
      seen.add(index);
      moments.push({ index, span: Math.min(span, count - index) });
    }
  }
  return moments;
}
