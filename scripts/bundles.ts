// The options for the host and page bundles. `npm run build` writes the bundles to `dist`. The third-party notices and
// size budgets use the same options without writing to `dist`.

import type { BuildOptions } from 'esbuild';

/** `watch` is for development. It turns off minification and adds source maps. */
export function bundles({ outdir = 'dist', watch = false } = {}): BuildOptions[] {
  const common: BuildOptions = {
    bundle: true,
    format: 'esm',
    // Emits code that is loaded on first use (undici, mediabunny) as separate chunks, and shared code only once.
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    minify: !watch,
    keepNames: false,
    sourcemap: watch ? 'linked' : false,
    // Licenses are in THIRD-PARTY-NOTICES.txt.
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
      // Provides `require`, because undici is CommonJS and requires Node's built-in modules at run time.
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
