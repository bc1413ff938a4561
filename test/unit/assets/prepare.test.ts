import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { copyFile, mkdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, beforeEach, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createAssetPreparation } from '../../../src/assets/prepare.ts';
import type { JobRequest } from '../../../src/jobs/job.ts';
import type { PreparedAssets, RemoteFiles } from '../../../src/jobs/ports.ts';
import type { AssetSource } from '../../../src/shared/asset.ts';
import type { HumanError } from '../../../src/shared/message.ts';
import { headshot } from '../../../src/tools/headshot.ts';
import { toolOf } from '../../../src/tools/index.ts';
import { talkingPhoto } from '../../../src/tools/talkingPhoto.ts';
import { ffmpeg, noise, picture, temporaryFolder } from './media.ts';

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
const temporary = at('temporary');
const log = { trace() {}, info() {}, warn() {}, error() {} };

/** A virtual workspace with the files of the test's folder. */
const remoteFiles: RemoteFiles = {
  reaches: uri => uri.startsWith('memfs:'),
  stat: uri =>
    stat(at(uri.slice(7))).then(
      ({ size }) => ({ bytes: size, modified: 1234 }),
      () => undefined,
    ),
  copyToDisk: (uri, path) => copyFile(at(uri.slice(7)), path),
  copyFromDisk: () => Promise.reject(new Error('not here')),
};

const file = (name: string): AssetSource => ({ kind: 'file', uri: pathToFileURL(at(name)).href });

let phases: string[];

function prepare(
  request: Partial<JobRequest>,
  signal = new AbortController().signal,
): Promise<PreparedAssets> {
  const tool = toolOf(request.tool ?? (request.inputs?.['audio'] ? talkingPhoto : headshot).id);
  return createAssetPreparation({ remoteFiles, temporaryFolder: temporary, log }).prepare(
    tool,
    {
      tool: tool.id,
      inputs: {},
      values: {},
      trim: true,
      estimate: { credits: 50, exact: true },
      folder: '',
      stem: '',
      ...request,
    },
    {
      signal,
      onPhase: phase => {
        phases.push(phase);
        return Promise.resolve();
      },
    },
  );
}

const fails = (request: Partial<JobRequest>, key: string) =>
  assert.rejects(prepare(request), (error: HumanError) => error.text?.key === key);

before(async () => {
  await ffmpeg(...picture(64, 64), at('plain.png'));
  // ffmpeg treats a percent sign as a pattern.
  await copyFile(at('plain.png'), at('a b#%.png'));
  await ffmpeg(...noise(60), at('long.wav'));
  await ffmpeg(...noise(2), at('short.wav'));
});
beforeEach(async () => {
  phases = [];
  await rm(temporary, { recursive: true, force: true });
});

describe('preparing inputs', () => {
  it('uploads a file unchanged, and passes on a URL', async () => {
    const prepared = await prepare({ inputs: { image: file('a b#%.png') } });
    const { size, mtimeMs } = await stat(at('a b#%.png'));
    assert.deepEqual(prepared.inputs['image'], {
      kind: 'upload',
      path: at('a b#%.png'),
      bytes: size,
      modified: mtimeMs,
      source: JSON.stringify([pathToFileURL(at('a b#%.png')).href, size, mtimeMs]),
      type: 'image',
      extension: 'png',
    });
    assert.deepEqual(phases, ['probing']);
    assert.ok(!existsSync(temporary));
    const image = { kind: 'url', url: 'https://example.com/a.png' } as const;
    assert.deepEqual((await prepare({ inputs: { image } })).inputs['image'], {
      kind: 'reference',
      reference: image.url,
    });
  });

  it("skips an optional file that wasn't selected", async () => {
    const prepared = await prepare({ tool: 'backgroundRemover', inputs: { image: file('plain.png') } });
    assert.deepEqual(Object.keys(prepared.inputs), ['image']);
  });

  it('copies a remote file to the disk, and removes the copy', async () => {
    const prepared = await prepare({ inputs: { image: { kind: 'file', uri: 'memfs:/plain.png' } } });
    const input = prepared.inputs['image'];
    assert.ok(input?.kind === 'upload' && input.path.startsWith(temporary) && existsSync(input.path));
    await prepared.dispose();
    assert.deepEqual(readdirSync(temporary), []);
  });

  it('reports what is wrong with a file', async () => {
    await fails({ inputs: { image: file('gone.png') } }, 'asset.vanished');
    await fails({ inputs: { image: { kind: 'file', uri: 'memfs:/gone.png' } } }, 'asset.vanished');
    await fails({ inputs: { image: { kind: 'file', uri: 'ssh:/gone.png' } } }, 'asset.unreachable');
    await fails({ inputs: { image: { kind: 'url', url: 'http://example.com/a.png' } } }, 'asset.urlNotHttps');
  });

  it('rejects a file that has changed since it was added', async () => {
    await copyFile(at('a b#%.png'), at('seen.png'));
    const { size, mtimeMs } = await stat(at('seen.png'));
    const request = {
      inputs: { image: file('seen.png') },
      seen: { image: { bytes: size, modified: mtimeMs } },
    };
    await (await prepare(request)).dispose();
    await utimes(at('seen.png'), 1, 1);
    await fails(request, 'asset.changed');
  });

  it('removes what crashed windows left, and nothing that is in use', async () => {
    await mkdir(join(temporary, 'job-old'), { recursive: true });
    await writeFile(join(temporary, 'job-old', 'clip.wav'), 'x');
    await mkdir(join(temporary, 'job-new'));
    await utimes(join(temporary, 'job-old'), 1, 1);
    const prepared = await prepare({
      inputs: { image: file('a b#%.png'), audio: file('long.wav') },
      clip: { start: 1, end: 2 },
    });
    await prepared.dispose();
    while (existsSync(join(temporary, 'job-old'))) await new Promise(setImmediate);
    assert.deepEqual(readdirSync(temporary), ['job-new']);
  });
});

describe('the clip', () => {
  const inputs = { image: file('a b#%.png'), audio: file('long.wav') };

  it('is cut out, and its times become relative to the cut', async () => {
    const prepared = await prepare({ inputs, clip: { start: 40.5, end: 45.25 } });
    assert.deepEqual(prepared.clip, { start: 0.5, end: 5.25 });
    const audio = prepared.inputs['audio'];
    assert.ok(audio?.kind === 'upload' && audio.extension === 'wav');
    assert.equal(audio.bytes, (await stat(audio.path)).size);
    assert.ok(audio.bytes < 6 * 44_100 * 2);
    assert.deepEqual(phases, ['probing', 'clipping']);
    await prepared.dispose();
    assert.ok(!existsSync(audio.path));
  });

  const wholes: readonly (readonly [why: string, request: Partial<JobRequest>])[] = [
    ['it is most of the recording', { inputs, clip: { start: 0, end: 50 } }],
    [
      'the recording is small',
      { inputs: { ...inputs, audio: file('short.wav') }, clip: { start: 0, end: 0.5 } },
    ],
    ["the user doesn't want it cut", { inputs, clip: { start: 40, end: 45 }, trim: false }],
  ];
  for (const [why, request] of wholes)
    it(`isn't cut out when ${why}`, async () => {
      const { inputs: ready, clip } = await prepare(request);
      assert.deepEqual(clip, request.clip);
      assert.ok(ready['audio']?.kind === 'upload' && ready['audio'].path.startsWith(at('')));
      assert.deepEqual(phases, ['probing']);
    });

  it('must be within the audio', async () => {
    await fails({ inputs, clip: { start: 60.01, end: 61 } }, 'asset.startBeyondEnd');
    await fails({ inputs, clip: { start: 50, end: 60.01 } }, 'asset.endBeyondEnd');
  });

  it('leaves no file when aborted', async () => {
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    await assert.rejects(prepare({ inputs, clip: { start: 1, end: 2 } }, stop.signal), /stopped/);
    assert.ok(!existsSync(temporary) || readdirSync(temporary).length === 0);
  });
});
