import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { until } from '../e2e/harness/until.ts';
import { invoke, newImage } from './support/agent.ts';
import { openFolder } from './support/folders.ts';
import { control, ours, signedIn, workspaceFolder } from './support/extension.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const inWorkspace = (...path: string[]) => vscode.Uri.joinPath(workspaceFolder(), ...path);

const nothingMade = async () => assert.deepEqual(await control.creates(), []);
const nothingSent = async () => {
  await nothingMade();
  assert.deepEqual(await control.uploads(), []);
};

describe('Language model tools', () => {
  beforeEach(async () => void (await signedIn()));

  it('are offered to agents', () => {
    const names = vscode.lm.tools.map(({ name }) => name).filter(name => name.startsWith('magicHour_'));
    const declared: { name: string }[] = ours().packageJSON.contributes.languageModelTools;
    assert.deepEqual(names.toSorted(), declared.map(({ name }) => name).toSorted());
  });

  it('create a headshot, save it, and report the result', async () => {
    const image = await newImage('agent.png');
    const report = await invoke('magicHour_createHeadshot', { image, stylePrompt: 'Grey background' });
    assert.equal(report.state, 'saved');
    assert.equal(report.creditsCharged, 50);
    assert.deepEqual(report.savedFiles, ['portraits/agent-headshot.png']);
    const [project] = await control.projects();
    assert.deepEqual(project?.body['style'], { prompt: 'Grey background' });
    const [served] = await control.results(project?.id ?? '');
    const saved = await vscode.workspace.fs.readFile(inWorkspace('portraits', 'agent-headshot.png'));
    assert.equal(sha256(saved), served?.sha256);
    const { options, ...current } = report;
    assert.deepEqual(options, { stylePrompt: 'Grey background' });
    assert.deepEqual(await invoke('magicHour_getJob', { job: report.job }), current);
  });

  it('use all of the audio for a talking photo without a clip', async () => {
    const image = await newImage('speaker.png');
    const report = await invoke('magicHour_createTalkingPhoto', {
      image,
      audio: 'voices/anna.mp3',
      mode: 'prompted',
    });
    assert.equal(report.state, 'saved');
    assert.deepEqual(report.savedFiles, ['portraits/speaker-talking-photo.mp4']);
    const [project] = await control.projects();
    assert.equal(project?.body['start_seconds'], 0);
    assert.ok(Number(project?.body['end_seconds']) > 5);
  });

  it('show the price and the files before they run', async () => {
    const { app } = await signedIn();
    const tool = (await app.start()).languageModelTool('magicHour_createHeadshot');
    const image = await newImage('**price**.png');
    const { token } = new vscode.CancellationTokenSource();
    const prepared = await tool.prepareInvocation?.({ input: { image } }, token);
    const message = prepared?.confirmationMessages?.message;
    assert.ok(message instanceof vscode.MarkdownString);
    assert.match(message.value, /50/);
    assert.match(
      message.value,
      /portraits\/\\\*\\\*price\\\*\\\*/,
      'a path in the workspace, without Markdown',
    );
    await nothingSent();
  });

  it('reject every path out of the workspace', async () => {
    const outside = await realpath(await mkdtemp(join(tmpdir(), 'magic-hour-outside-')));
    const secret = join(outside, 'secret.png');
    await writeFile(secret, await vscode.workspace.fs.readFile(inWorkspace('portraits', 'anna.png')));
    await symlink(secret, inWorkspace('portraits', 'link.png').fsPath);
    await symlink(outside, inWorkspace('folder-link').fsPath, 'junction');
    try {
      for (const image of [secret, 'portraits/link.png', 'folder-link/secret.png']) {
        await assert.rejects(invoke('magicHour_createHeadshot', { image }), /outside the workspace/, image);
      }
    } finally {
      await rm(inWorkspace('portraits', 'link.png').fsPath);
      await rm(inWorkspace('folder-link').fsPath);
      await rm(outside, { recursive: true });
    }
    await nothingSent();
  });

  it('accept files in every folder of the workspace', async () => {
    const second = await realpath(await mkdtemp(join(tmpdir(), 'magic-hour-second-')));
    await writeFile(join(second, 'eve.png'), Buffer.from('no image'));
    const close = await openFolder(vscode.Uri.file(second));
    try {
      // The file is found and read, then rejected because it isn't an image.
      for (const image of ['eve.png', join(second, 'eve.png')]) {
        await assert.rejects(invoke('magicHour_createHeadshot', { image }), /image: /, image);
      }
    } finally {
      await close();
      await rm(second, { recursive: true });
    }
  });

  it('tell the agent how to correct its input', async () => {
    const refused = (name: string, input: object, words: RegExp) =>
      assert.rejects(invoke(name, input), words);
    await refused('magicHour_createHeadshot', { image: 'nobody.png' }, /no file nobody\.png.*relative to/);
    await refused('magicHour_createHeadshot', { image: 'voices/notes.txt' }, /image: .*notes\.txt/);
    await refused('magicHour_createHeadshot', { image: 'http://example.com/anna.png' }, /https/);
    await refused('magicHour_createTalkingPhoto', { image: 'portraits/anna.png' }, /audio: /);
    await refused('magicHour_getJob', { job: 'nothing' }, /no job with the ID nothing/);
    const image = await newImage('clip.png');
    const clip = { image, audio: 'voices/anna.mp3', start: 5, end: 2 };
    await refused('magicHour_createTalkingPhoto', clip, /end: .*after the start/);
    await nothingMade();
  });

  it('report a failure with the message that users see', async () => {
    await control.plan({ status: 'error', error: { code: 'no_source_face', message: 'No face here' } });
    const report = await invoke('magicHour_createHeadshot', { image: await newImage('faceless.png') });
    assert.equal(report.state, 'failed');
    assert.match(report.problem ?? '', /couldn’t find a face/);
    assert.deepEqual(report.savedFiles, []);
  });

  it('are rejected over the daily limit', async () => {
    const settings = vscode.workspace.getConfiguration('magicHour');
    const usual = settings.inspect('agentDailyCredits')?.globalValue;
    const image = await newImage('budget.png');
    await settings.update('agentDailyCredits', 40, vscode.ConfigurationTarget.Global);
    try {
      await assert.rejects(invoke('magicHour_createHeadshot', { image }), /daily limit.*agentDailyCredits/);
    } finally {
      await settings.update('agentDailyCredits', usual, vscode.ConfigurationTarget.Global);
    }
    await nothingMade();
  });

  it('create nothing when they are canceled before the create request', async () => {
    const { context } = await signedIn();
    await control.fault({ operation: 'put', action: { kind: 'hold' } });
    const source = new vscode.CancellationTokenSource();
    const call = invoke('magicHour_createHeadshot', { image: await newImage('cancelled.png') }, source.token);
    const outcome = call.then(
      report => report.state,
      () => 'stopped',
    );
    await control.held('put');
    source.cancel();
    assert.equal(await outcome, 'stopped');
    const open = vscode.Uri.joinPath(context.globalStorageUri, 'jobs', 'unfinished').fsPath;
    await until('the job to end', async () => (await readdir(open)).length === 0);
    await control.release();
    await nothingMade();
  });
});
