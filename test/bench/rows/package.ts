import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packagedExtension } from '../../host/extension.ts';
import { root } from '../../host/paths.ts';
import { bytes } from '../figures.ts';
import type { Row } from '../row.ts';

/** The size in bytes of a bundled module and everything it imports statically. */
export async function eagerBytes(file: string, seen = new Set<string>()): Promise<number> {
  if (seen.has(file)) return 0;
  seen.add(file);
  const text = await readFile(file, 'utf8');
  let sum = Buffer.byteLength(text);
  for (const [, path = ''] of text.matchAll(/(?:\bfrom|\bimport)\s*"(\.[^"]+)"/g))
    sum += await eagerBytes(join(dirname(file), path), seen);
  return sum;
}

export const packageSize: Row = {
  name: 'package',
  what: 'Size of the package',
  reference: 'similar extensions',
  method: 'The `.vsix` from `npm run package`, and how much of its code is loaded only on first use.',
  async measure(bench) {
    await bench.packaged();
    const { size } = await stat(await packagedExtension());
    const dist = join(root, 'dist');
    let whole = 0;
    for (const entry of await readdir(dist, { recursive: true, withFileTypes: true }))
      if (entry.name.endsWith('.js')) whole += (await stat(join(entry.parentPath, entry.name))).size;
    const eager = await eagerBytes(join(dist, 'extension.js'));
    return [
      {
        of: '.vsix',
        ours: bytes(size),
        reference: '–',
        result: bytes(size),
        target: '≤ 700 KB',
        reached: size <= 700_000,
      },
      {
        of: 'code, and the part that’s loaded on first use',
        ours: bytes(whole),
        reference: '–',
        result: bytes(whole - eager),
        target: '–',
        reached: undefined,
      },
    ];
  },
};
