// The two bundles: host and page. `npm run build` writes them to `dist`; the notices and the size budgets are based on
// the same options without writing there.

import type { BuildOptions } from 'esbuild';

/** `watch` is for development: not minified, with source maps. */
export function bundles({ outdir = 'dist', watch = false } = {}): BuildOptions[] {
  const common: BuildOptions = {
    bundle: true,
    format: 'esm',
    // Code that's loaded on first use (undici, mediabunny) gets its own chunk, and shared code is emitted once.
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    minify: !watch,
    keepNames: false,
    sourcemap: watch ? 'linked' : false,
    // These are in THIRD-PARTY-NOTICES.txt.
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
      // Leaves out undici's experimental second HTTP parser (150 KB), as Node's own build does.
      define: { esbuildDetection: 'true' },
      // undici is CommonJS and requires Node's built-in modules at run time.
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
