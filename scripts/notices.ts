// Writes THIRD-PARTY-NOTICES.txt with the licenses of only those packages that are in the bundles. `npm run package`
// runs this script, and the file isn't committed.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { bundles } from './bundles.ts';

interface Notice {
  readonly name: string;
  readonly license: string;
  readonly source: string;
  readonly text: string;
}

/** Third-party code in packages that include no license file for that code. */
const within: Readonly<Record<string, Notice>> = {
  undici: {
    name: 'llhttp',
    license: 'MIT',
    source: 'https://github.com/nodejs/llhttp',
    text: `This software is licensed under the MIT License.

Copyright Fedor Indutny, 2018.

Permission is hereby granted, free of charge, to any person obtaining a
copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the
following conditions:

The above copyright notice and this permission notice shall be included
in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS
OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN
NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE
USE OR OTHER DEALINGS IN THE SOFTWARE.`,
  },
};

/** Maps the folder of each package with at least one byte in a bundle to its bundled files. Folders are sorted. */
export function bundledPackages(metafiles: readonly Metafile[]): Map<string, string[]> {
  const inputs = metafiles.flatMap(({ outputs }) => Object.values(outputs).map(output => output.inputs));
  const files = inputs.flatMap(input =>
    Object.keys(input).filter(path => (input[path]?.bytesInOutput ?? 0) > 0),
  );
  const found = new Map<string, string[]>();
  for (const file of [...new Set(files)].toSorted()) {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
    if (folder) found.set(folder, [...(found.get(folder) ?? []), file]);
  }
  return found;
}

/** @throws Error if a bundled package has no license file, because its license must be checked manually. */
export function notices(metafiles: readonly Metafile[]): string {
  const parts = [...bundledPackages(metafiles)].flatMap(([folder, files]) => {
    const notice = noticeOf(folder, files);
    const inner = within[notice.package];
    return inner ? [notice, { ...inner, name: `${inner.name}, in ${notice.name}` }] : [notice];
  });
  const intro =
    'Magic Hour for VS Code includes the following third-party software. The source code is available at the URLs below.';
  const sections = parts.map(
    ({ name, license, source, text }) => `${name}\nLicense: ${license}\nSource: ${source}\n\n${text}`,
  );
  return `${[intro, ...sections].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

function noticeOf(folder: string, files: readonly string[]): Notice & { readonly package: string } {
  const { name, version, license, homepage, repository } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const licenses = licenseFiles(folder, files);
  if (licenses.length === 0 || !license) throw new Error(`${name} has no license file`);
  const url = String(repository?.url ?? repository ?? homepage);
  const texts = licenses.map(file => readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim());
  return {
    package: name,
    name: `${name} ${version}`,
    license,
    source: url.replace(/^git\+|\.git$/g, ''),
    text: [...new Set(texts)].join('\n\n'),
  };
}

/** Finds license files, such as LICENSE.md or LICENCE-CODE, in a package and in its folders with bundled code. */
function licenseFiles(folder: string, files: readonly string[]): string[] {
  const folders = new Set([folder]);
  for (const file of files)
    for (let inner = dirname(file); inner.length > folder.length; inner = dirname(inner)) folders.add(inner);
  return [...folders].toSorted().flatMap(inner =>
    readdirSync(inner)
      .filter(file => /^(licen[cs]e|copying|notice)/i.test(file))
      .toSorted()
      .map(file => join(inner, file)),
  );
}

if (import.meta.main) {
  const results = await Promise.all(bundles().map(options => build({ ...options, write: false })));
  writeFileSync('THIRD-PARTY-NOTICES.txt', notices(results.flatMap(({ metafile }) => metafile ?? [])));
}
