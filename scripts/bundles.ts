// What is bundled, and how: the host and the page. `npm run build` writes it to `dist`; notices and size budgets look
// at the same thing without writing there.

import type { BuildOptions } from 'esbuild';

/** `watch` is for development: readable, with source maps. */
export function bundles({ outdir = 'dist', watch = false } = {}): BuildOptions[] {
  const common: BuildOptions = {
    bundle: true,
    format: 'esm',
    // Code that is loaded on first use (undici, mediabunny) becomes a chunk of its own, and what chunks share exists once.
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    minify: !watch,
    keepNames: false,
    sourcemap: watch ? 'linked' : false,
    // They are in THIRD-PARTY-NOTICES.txt.
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  };
  return [
    {
      ...common,
      entryPoints: { extension: 'src/extension.ts' },
      outdir,
      platform: 'node',
      target: 'node22',
      external: ['vscode'],
      // The switch by which undici leaves its experimental second HTTP parser (150 KB) out of Node's own build.
      define: { esbuildDetection: 'true' },
      // undici is CommonJS and requires Node's own modules at run time.
      banner: {
        js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);",
      },
    },
    {
      ...common,
      entryPoints: { form: 'src/webview/main.ts' },
      outdir: `${outdir}/webview`,
      platform: 'browser',
      target: 'chrome138',
      loader: { '.ttf': 'file' },
    },
  ];
}
