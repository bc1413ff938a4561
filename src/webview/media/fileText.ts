import type { AssetInfo, AssetSource } from '../../shared/asset.ts';
import { type AssetView, sourceKey } from '../../shared/protocol.ts';
import type { Formatter } from '../formatter.ts';

/** The file name of a source that the host hasn't described yet. */
export function nameOf(source: AssetSource): string {
  const path = sourceKey(source).split(/[?#]/, 1)[0] ?? '';
  const name = path.split('/').pop() ?? path;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** The size, length, and type of a chosen file. */
export function factsOf(formatter: Formatter, source: AssetSource, asset: AssetView | undefined): string[] {
  const { text } = formatter;
  if (source.kind === 'url') return [text('form.fromUrl')];
  if (!asset || asset.status === 'reading') return [text('form.reading')];
  if (asset.status === 'problem' || !asset.info) return [];
  return infoTexts(formatter, asset.info, asset.mediaType !== undefined);
}

function infoTexts(formatter: Formatter, info: AssetInfo, hasPreview: boolean): string[] {
  const { number, bytes, text } = formatter;
  const type = info.extension.toUpperCase();
  return [
    info.width !== undefined && info.height !== undefined
      ? `${number(info.width)} × ${number(info.height)}`
      : undefined,
    info.seconds !== undefined ? lengthText(formatter, info.seconds) : undefined,
    type,
    bytes(info.bytes),
    info.kind === 'image' && !hasPreview ? text('form.noPreview', { type }) : undefined,
  ].filter(part => part !== undefined);
}

/** Rounds down to match the End time that is filled in. */
function lengthText({ clock }: Formatter, seconds: number): string {
  return seconds < 60 ? clock(Math.floor(seconds * 100 + 1e-6) / 100, 2) : clock(Math.floor(seconds));
}
