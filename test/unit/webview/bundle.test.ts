import assert from 'node:assert/strict';
import { test } from 'node:test';
import { build } from 'esbuild';
import { bundles } from '../../../scripts/bundles.ts';
import { root } from '../support/sources.ts';

const [page] = bundles().filter(({ platform }) => platform === 'browser');
const { metafile } = await build({ ...page, absWorkingDir: root, write: false });
const script = metafile?.outputs['dist/webview/form.js'];

test('the first paint of the page needs one script, without code for audio or for checking messages', () => {
  assert.deepEqual(
    script?.imports.filter(({ kind }) => kind !== 'dynamic-import'),
    [],
  );
  const included = Object.entries(script?.inputs ?? {})
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path);
  assert.ok(included.includes('src/webview/page.tsx'), included.join());
  assert.deepEqual(
    included.filter(path => /mediabunny|valibot|webview\/waveform\/(?!nudge)/.test(path)),
    [],
  );
  assert.ok((script?.bytes ?? 0) < 96 * 1024, `${script?.bytes} bytes`);
});
