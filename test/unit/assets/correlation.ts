/**
 * Returns how many samples `cut` lags behind: the shift within ±reach with the highest correlation, refined to
 * fractions of a sample with a parabola through three values. `agreement` is the correlation at that shift, 1 for equal
 * audio.
 */
export function lag(
  whole: Float32Array,
  cut: Float32Array,
  reach: number,
): { readonly samples: number; readonly agreement: number } {
  const length = Math.min(whole.length, cut.length) - 2 * reach;
  const score = (shift: number): number => {
    let product = 0;
    let left = 0;
    let right = 0;
    for (let i = 0; i < length; i++) {
      const a = whole[i + reach] as number;
      const b = cut[i + reach + shift] as number;
      product += a * b;
      left += a * a;
      right += b * b;
    }
    return product / Math.sqrt(left * right || 1);
  };
  let best = -reach;
  let agreement = -Infinity;
  for (let shift = -reach; shift <= reach; shift++) {
    const at = score(shift);
    if (at > agreement) [best, agreement] = [shift, at];
  }
  const before = score(best - 1);
  const after = score(best + 1);
  const bend = before - 2 * agreement + after;
  return { samples: best + (bend < 0 ? (before - after) / (2 * bend) : 0), agreement };
}
