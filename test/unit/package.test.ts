import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { build, type BuildOptions, type BuildResult, type Metafile } from 'esbuild';
import imageSize from 'image-size';
import { bundles } from '../../scripts/bundles.ts';
import { bundledPackages, notices } from '../../scripts/notices.ts';
import { read, readJson, root } from './support/sources.ts';

const run = promisify(execFile);
const packed = [
  'package.json',
  'package.nls.json',
  'l10n',
  'media',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  '.vscodeignore',
];

/** The package is created in a separate folder, so that the contents of `dist` and its neighbors don't matter. */
let folder = '';
let metafiles: Metafile[] = [];
/** The files in the package, as listed by `vsce ls`. */
let listed: string[] = [];
/** The output of `vsce package`. */
let printed = '';
const vsix = (): string => join(folder, 'magic-hour.vsix');

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'magic-hour-package-'));
  for (const name of packed) {
    if (existsSync(join(root, name))) await cp(join(root, name), join(folder, name), { recursive: true });
  }
  await layDecoys();
  const options: BuildOptions[] = bundles({ outdir: join(folder, 'dist') });
  const results: BuildResult[] = await Promise.all(
    options.map(each => build({ ...each, absWorkingDir: root })),
  );
  metafiles = results.flatMap(({ metafile }) => metafile ?? []);
  await writeFile(join(folder, 'THIRD-PARTY-NOTICES.txt'), notices(metafiles));

  const vsce = async (...words: string[]): Promise<string> => {
    const main = join(root, 'node_modules/@vscode/vsce/vsce');
    const { stdout, stderr } = await run(process.execPath, [main, ...words], { cwd: folder });
    return stdout + stderr;
  };
  listed = (await vsce('ls', '--no-dependencies')).split('\n').filter(line => line !== '');
  printed = await vsce('package', '--no-dependencies', '--out', vsix());
});

after(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Creates a file for every name in the project's root, and more files that must not be packed. */
async function layDecoys(): Promise<void> {
  for (const entry of await readdir(root, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (existsSync(path) || ['.git', 'dist', 'THIRD-PARTY-NOTICES.txt'].includes(entry.name)) continue;
    if (entry.isDirectory()) await mkdir(path);
    await writeFile(entry.isDirectory() ? join(path, 'decoy.txt') : path, 'decoy');
  }
  for (const name of ['.env', 'notes.md', 'magic-hour-0.0.1.vsix'])
    await writeFile(join(folder, name), 'decoy');
}

suite('the package', () => {
  test('lists only what is needed at run time, and the documents', () => {
    const needed =
      /^(package\.json|package\.nls(\.[\w-]+)?\.json|README\.md|CHANGELOG\.md|LICENSE|THIRD-PARTY-NOTICES\.txt|(l10n|dist|media)\/.+)$/;
    assert.deepEqual(
      listed.filter(path => !needed.test(path)),
      [],
    );
    assert.deepEqual(
      listed.filter(path => /\.(ts|map)$|decoy/.test(path)),
      [],
    );
  });

  test('includes all of that', () => {
    for (const path of [
      'package.json',
      'package.nls.json',
      'README.md',
      'CHANGELOG.md',
      'LICENSE',
      'THIRD-PARTY-NOTICES.txt',
      'dist/extension.js',
      'dist/webview/form.js',
      'dist/webview/form.css',
      'media/icon.png',
    ])
      assert.ok(listed.includes(path), path);
  });

  test('has every image that the manifest and the code refer to', () => {
    const texts = read('package.json') + read('src/editor/form/forms.ts');
    const named = [...texts.matchAll(/"(media\/[\w./-]+)"/g)].map(([, path]) => path ?? '');
    assert.ok(named.length > 0);
    for (const path of [...named, 'media/form-light.svg', 'media/form-dark.svg'])
      assert.ok(listed.includes(path), path);
  });

  test('is created without a warning', () => {
    assert.doesNotMatch(printed, /warn|error/i);
    assert.match(printed, /Packaged/);
  });

  test('has at most 700 KB', async () => {
    const { size } = await stat(vsix());
    assert.ok(size <= 700_000, `${size} bytes`);
  });
});

suite('what is loaded at activation', () => {
  /** The size of `dist/extension.js` and all outputs that it imports statically. */
  function eager(): { readonly bytes: number; readonly metafile: Metafile } {
    const [host] = metafiles;
    assert.ok(host);
    const entry = Object.keys(host.outputs).find(
      path => host.outputs[path]?.entryPoint === 'src/extension.ts',
    );
    assert.ok(entry);
    const seen = new Set<string>();
    const visit = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const { path: next, kind, external } of host.outputs[path]?.imports ?? [])
        if (kind === 'import-statement' && !external) visit(next);
    };
    visit(entry);
    const outputs = Object.fromEntries(Object.entries(host.outputs).filter(([path]) => seen.has(path)));
    const bytes = Object.values(outputs).reduce((sum, output) => sum + output.bytes, 0);
    return { bytes, metafile: { inputs: host.inputs, outputs } };
  }

  test('has at most 50 KB', () => {
    const { bytes } = eager();
    assert.ok(bytes > 0 && bytes <= 50_000, `${bytes} bytes`);
  });

  test('includes no packages; undici, mediabunny and image-size are loaded when needed', () => {
    assert.deepEqual([...bundledPackages([eager().metafile]).keys()], []);
    const all = bundledPackages(metafiles);
    for (const name of ['undici', 'mediabunny', 'image-size'])
      assert.ok(all.has(`node_modules/${name}`), name);
  });

  test('the page does not load mediabunny before it is needed', () => {
    const page = metafiles[1]?.outputs;
    const form = Object.values(page ?? {}).find(({ entryPoint }) => entryPoint === 'src/webview/main.ts');
    assert.ok(page && form);
    assert.ok(!bundledPackages([{ inputs: {}, outputs: { form } }]).has('node_modules/mediabunny'));
  });
});

suite('the notices', () => {
  test('contain the license of every bundled package and no other', async () => {
    const text = await readFile(join(folder, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    const headings = [...text.matchAll(/^-{80}\n\n(\S+) \d+\.\d+\.\d+\nLicense: /gm)];
    const packages = bundledPackages(metafiles);
    assert.deepEqual(
      headings.map(([, name]) => `node_modules/${name}`),
      [...packages.keys()],
    );
    for (const folder of packages.keys()) {
      const [license] = (await readdir(join(root, folder))).filter(name => name.startsWith('LICENSE'));
      assert.ok(
        license && text.includes((await readFile(join(root, folder, license), 'utf8')).trim()),
        folder,
      );
    }
  });

  test('include works by other authors inside a package', async () => {
    const text = await readFile(join(folder, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    assert.match(text, /^llhttp, in undici /m);
    assert.match(text, /Copyright \(c\) 2020 Ethan Arrowood/);
  });

  test('include no license that requires more than notice and source', async () => {
    const text = await readFile(join(folder, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    const licenses = [...text.matchAll(/^License: (.+)$/gm)].map(([, license]) => license ?? '');
    const allowed = [
      'MIT',
      'ISC',
      'BSD-2-Clause',
      'BSD-3-Clause',
      'Apache-2.0',
      'MPL-2.0',
      'CC-BY-4.0',
      '0BSD',
    ];
    assert.deepEqual(
      licenses.filter(license => !allowed.includes(license)),
      [],
    );
  });

  test('fail for a bundled package without a license file', () => {
    const input = { 'node_modules/no-such-package/index.js': { bytesInOutput: 1 } };
    const output = { bytes: 1, inputs: input, imports: [], exports: [] };
    assert.throws(() => notices([{ inputs: {}, outputs: { 'a.js': output } }]));
  });
});

suite('the marketplaces receive', () => {
  const manifest = readJson('package.json') as Record<string, unknown> & {
    readonly repository: { readonly url: string };
    readonly keywords: readonly string[];
    readonly version: string;
    readonly publisher: string;
    readonly name: string;
  };

  test('an icon of at least 128 × 128 pixels, as PNG', async () => {
    const { width, height, type } = imageSize(await readFile(join(root, 'media/icon.png')));
    assert.equal(type, 'png');
    assert.ok(width >= 128 && width === height, `${width} × ${height}`);
  });

  test('names, license, repository and at most 30 keywords', () => {
    assert.match(`${manifest.publisher}.${manifest.name}`, /^[a-z0-9][\w-]*\.[a-z0-9][\w-]*$/i);
    assert.equal(manifest['license'], 'MIT');
    assert.match(manifest.repository.url, /^https:\/\/.+\.git$/);
    assert.ok(manifest.keywords.length > 0 && manifest.keywords.length <= 30);
    assert.ok(manifest['galleryBanner'] && manifest['categories']);
  });

  test('a changelog that has this version', () => {
    assert.ok(read('CHANGELOG.md').includes(`\n## ${manifest.version}\n`));
  });

  test('screenshots in the README by absolute links to files that exist, none of them SVG', () => {
    const images = [...read('README.md').matchAll(/!\[([^\]]*)\]\(([^)\s]+)\)/g)];
    const base = manifest.repository.url.replace(/\.git$/, '/raw/HEAD/');
    assert.ok(images.length > 0);
    for (const [, alt = '', url = ''] of images) {
      assert.notEqual(alt, '', `${url} needs alternative text`);
      assert.ok(url.startsWith(base) && !url.endsWith('.svg'), url);
      assert.ok(existsSync(join(root, url.slice(base.length))), `${url} is missing`);
    }
  });
});
