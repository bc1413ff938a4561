/** Bundles the tests that run in the extension host: one module per test file, and the entry point that runs them. */
import { glob, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './paths.ts';

const source = join(root, 'test', 'editor');

/** The entry point for `@vscode/test-electron`. It's inside the repository, so that it can import `mocha`. */
export const editorTests = join(root, 'out', 'test', 'editor', 'index.mjs');

export async function bundleEditorTests(): Promise<void> {
  const outdir = join(root, 'out', 'test', 'editor');
  await rm(outdir, { recursive: true, force: true });
  const entryPoints = [join(source, 'index.ts')];
  for await (const file of glob('**/*.test.ts', { cwd: source })) entryPoints.push(join(source, file));
  await build({
    entryPoints,
    outdir,
    outbase: source,
    bundle: true,
    // Code that test files share is bundled only once, as in the extension itself.
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    // VS Code before 1.106 would load .js with `require`, and its import of 'vscode' would then deadlock.
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: ['vscode', 'mocha', 'esbuild', 'playwright-core'],
    banner: {
      js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);",
    },
    sourcemap: 'linked',
    logLevel: 'warning',
  });
}

if (import.meta.main) await bundleEditorTests();
