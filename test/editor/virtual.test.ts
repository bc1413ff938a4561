import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { invoke } from './support/agent.ts';
import { openFolder } from './support/folders.ts';
import { control, signedIn, workspaceFolder } from './support/extension.ts';
import { MemoryFileSystem } from './support/memoryFileSystem.ts';

const memory = (path: string) => vscode.Uri.from({ scheme: 'memfs', path });
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('A virtual workspace', () => {
  const files = new MemoryFileSystem();
  let registration: vscode.Disposable;
  let close: () => Promise<void>;

  before(async () => {
    registration = vscode.workspace.registerFileSystemProvider('memfs', files, { isCaseSensitive: true });
    close = await openFolder(memory('/site'));
  });

  after(async () => {
    await close();
    registration.dispose();
  });

  beforeEach(async () => {
    await signedIn();
    files.clear();
    files.latency = 0;
    const image = await vscode.workspace.fs.readFile(
      vscode.Uri.joinPath(workspaceFolder(), 'portraits', 'anna.png'),
    );
    files.put('/site/people/vera.png', image);
    files.put('/other/hidden.png', image);
  });

  it('provides inputs and gets results next to them', async () => {
    const report = await invoke('magicHour_createHeadshot', { image: 'people/vera.png' });
    assert.equal(report.state, 'saved');
    const [project] = await control.projects();
    const [served] = await control.results(project?.id ?? '');
    assert.equal(sha256(files.get('/site/people/vera-headshot.png')), served?.sha256);
    const [upload] = await control.uploads();
    assert.equal(upload?.sha256, sha256(files.get('/site/people/vera.png')));
  });

  it('keeps all results with the same name that are saved at the same time', async () => {
    files.latency = 20;
    const image = { image: 'people/vera.png' };
    const reports = await Promise.all([1, 2, 3, 4].map(() => invoke('magicHour_createHeadshot', image)));
    const names = reports.flatMap(({ savedFiles }) => savedFiles);
    assert.equal(new Set(names).size, 4, names.join());
    assert.deepEqual(
      files.names('/site/people').filter(name => name !== 'vera.png'),
      ['vera-headshot-2.png', 'vera-headshot-3.png', 'vera-headshot-4.png', 'vera-headshot.png'],
    );
    const projects = await control.projects();
    const served = await Promise.all(projects.map(({ id }) => control.results(id)));
    assert.deepEqual(
      names.map(name => sha256(files.get(`/site/people/${name.split('/').at(-1) ?? ''}`))).toSorted(),
      served.map(([result]) => result?.sha256 ?? '').toSorted(),
    );
  });

  it('keeps a file that has the name of the result', async () => {
    files.put('/site/people/vera-headshot.png', new TextEncoder().encode('mine'));
    await invoke('magicHour_createHeadshot', { image: '/site/people/vera.png' });
    assert.equal(new TextDecoder().decode(files.get('/site/people/vera-headshot.png')), 'mine');
    assert.ok(files.get('/site/people/vera-headshot-2.png').length > 100);
  });

  it('rejects files outside its folder', async () => {
    for (const image of ['/other/hidden.png', '../other/hidden.png', '/site/../other/hidden.png']) {
      await assert.rejects(
        invoke('magicHour_createHeadshot', { image }),
        /outside the workspace|no file/,
        image,
      );
    }
    assert.deepEqual(await control.uploads(), []);
    assert.deepEqual(await control.creates(), []);
  });
});
