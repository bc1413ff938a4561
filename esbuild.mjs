// Builds the extension host bundle (dist/) and the page bundle (dist/webview/). `--watch` rebuilds when files change.
import { rm } from 'node:fs/promises';
import esbuild from 'esbuild';
import { bundles } from './scripts/bundles.ts';

const watch = process.argv.includes('--watch');

await rm('dist', { recursive: true, force: true });
if (watch) {
  for (const options of bundles({ watch })) await (await esbuild.context(options)).watch();
  console.log('Watching …');
} else {
  await Promise.all(bundles().map(options => esbuild.build(options)));
}
