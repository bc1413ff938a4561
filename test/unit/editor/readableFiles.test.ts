import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite, test, type TestContext } from 'node:test';
import type { AssetSource } from '../../../src/shared/asset.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import '../support/vscode.ts';
import { jobOf } from './job.ts';

const { InputFacts } = await import('../../../src/editor/form/inputFacts.ts');
const { LocalFiles } = await import('../../../src/editor/form/localFiles.ts');
const { ReadableFiles } = await import('../../../src/editor/form/readableFiles.ts');

const portrait = join(import.meta.dirname, '..', '..', 'sample-workspace', 'portraits', 'anna.png');
const log = { trace() {}, info() {}, warn() {}, error() {} };

async function scene(context: TestContext) {
  const folder = await temporaryFolder(context);
  const files = new LocalFiles(join(folder, 'copies'));
  const facts = new InputFacts(files, log, () => undefined);
  const jobs = { results: [] as string[], inputs: {} as Record<string, AssetSource> };
  const readable = new ReadableFiles(files, facts, async () => [
    jobOf({ results: jobs.results }, { inputs: jobs.inputs }),
  ]);
  const add = async (name: string, content?: string): Promise<AssetSource> => {
    const path = join(folder, name);
    if (content === undefined) await copyFile(portrait, path);
    else await writeFile(path, content);
    return { kind: 'file', uri: pathToFileURL(path).href };
  };
  return { facts, jobs, add, read: (source: AssetSource) => readable.read(source, 0, 8) };
}

const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

suite('the page of a form', () => {
  test('reads an image that is an input', async context => {
    const { facts, add, read } = await scene(context);
    const image = await add('anna.png');
    await facts.renew([{ source: image, kind: 'image' }]);
    assert.deepEqual([...(await read(image))], png);
  });

  for (const [name, content] of [
    ['id_rsa', 'private'],
    ['secret.png', 'private, whatever its name says'],
    ['notes.txt', 'private'],
  ] as const)
    test(`can't read ${name} by putting it into the draft`, async context => {
      const { facts, add, read } = await scene(context);
      const secret = await add(name, content);
      facts.want(secret, 'image');
      await assert.rejects(read(secret), /must not read/);
      await facts.renew([{ source: secret, kind: 'image' }]);
      await assert.rejects(read(secret), /must not read/);
    });

  test("doesn't read a file that isn't in any form", async context => {
    const { add, read } = await scene(context);
    await assert.rejects(read(await add('anna.png')), /must not read/);
  });

  test("doesn't read an input that was removed from the form", async context => {
    const { facts, add, read } = await scene(context);
    const image = await add('anna.png');
    await facts.renew([{ source: image, kind: 'image' }]);
    facts.keepOnly(new Set());
    await assert.rejects(read(image), /must not read/);
  });

  test('reads the inputs and results of its jobs', async context => {
    const { jobs, add, read } = await scene(context);
    const image = await add('anna.png');
    const result = await add('anna-headshot.png');
    jobs.inputs = { image };
    jobs.results = [result.kind === 'file' ? result.uri : ''];
    assert.deepEqual([...(await read(image))], png);
    assert.deepEqual([...(await read(result))], png);
  });
});
