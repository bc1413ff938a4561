// Writes THIRD-PARTY-NOTICES.txt: the licences of what is really in the bundles, no more and no less. Part of
// `npm run package`; the file is made anew each time and not committed.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { bundles } from './bundles.ts';

interface Notice {
  readonly name: string;
  readonly licence: string;
  readonly source: string;
  readonly text: string;
}

/** Works inside a package that brings no licence file for them. */
const within: Readonly<Record<string, Notice>> = {
  undici: {
    name: 'llhttp',
    licence: 'MIT',
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

/** Packages of which at least a byte is in a bundle: their folders, sorted, each with its files that are there. */
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

/** @throws when a package that is bundled has no licence file: somebody has to find out what it allows */
export function notices(metafiles: readonly Metafile[]): string {
  const parts = [...bundledPackages(metafiles)].flatMap(([folder, files]) => {
    const notice = noticeOf(folder, files);
    const inner = within[notice.package];
    return inner ? [notice, { ...inner, name: `${inner.name}, in ${notice.name}` }] : [notice];
  });
  const intro =
    'Magic Hour for VS Code contains the following works of others. Their source code is at the addresses given.';
  const sections = parts.map(
    ({ name, licence, source, text }) => `${name}\nLicence: ${licence}\nSource: ${source}\n\n${text}`,
  );
  return `${[intro, ...sections].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

function noticeOf(folder: string, files: readonly string[]): Notice & { readonly package: string } {
  const { name, version, license, homepage, repository } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const licences = licenceFiles(folder, files);
  if (licences.length === 0 || !license) throw new Error(`${name} has no licence file`);
  const address = String(repository?.url ?? repository ?? homepage);
  const texts = licences.map(file => readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim());
  return {
    package: name,
    name: `${name} ${version}`,
    licence: license,
    source: address.replace(/^git\+|\.git$/g, ''),
    text: [...new Set(texts)].join('\n\n'),
  };
}

/** The package's own, and those of folders in it that have another: LICENSE, LICENSE.md, LICENCE-CODE … */
function licenceFiles(folder: string, files: readonly string[]): string[] {
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
