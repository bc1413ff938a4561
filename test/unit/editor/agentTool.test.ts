import assert from 'node:assert/strict';
import { copyFile, mkdir, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, suite, test, type TestContext } from 'node:test';
import type { JobRequest, JobView } from '../../../src/jobs/job.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { editor } from '../support/vscode.ts';
import { jobOf } from './job.ts';

const { AgentTool } = await import('../../../src/editor/agents/agentTool.ts');
const { getJobTool } = await import('../../../src/editor/agents/getJobTool.ts');
const { faceEditor } = await import('../../../src/tools/faceEditor.ts');
const { headshot } = await import('../../../src/tools/headshot.ts');
const { imageGenerator } = await import('../../../src/tools/imageGenerator.ts');
const { imageUpscaler } = await import('../../../src/tools/imageUpscaler.ts');
const { qrCode } = await import('../../../src/tools/qrCode.ts');
const { talkingPhoto } = await import('../../../src/tools/talkingPhoto.ts');

interface JobRequestOptions {
  readonly options: JobRequest['values'];
}

const sample = (...path: string[]) => join(import.meta.dirname, '..', '..', 'sample-workspace', ...path);

/** Creates a workspace with an image and an audio file, and jobs that end as soon as they're submitted. */
async function scene(context: TestContext) {
  const root = await temporaryFolder(context);
  const workspace = join(root, 'workspace');
  await mkdir(join(workspace, 'people'), { recursive: true });
  await copyFile(sample('portraits', 'anna.png'), join(workspace, 'people', 'anna.png'));
  await copyFile(sample('voices', 'anna.mp3'), join(workspace, 'anna.mp3'));
  editor.folders = [workspace];
  const submitted: JobRequest[] = [];
  let find: (id: string) => JobView | undefined = id => jobOf({ id });
  const jobs = {
    submit: (requests: JobRequest[], options: object) => {
      assert.deepEqual(options, { agentDailyLimit: 500 });
      submitted.push(...requests);
      return Promise.resolve(requests.map(request => jobOf({ phase: 'saved' }, request)));
    },
    get: (id: string) => find(id),
    find: (id: string) => Promise.resolve(find(id)),
    onDidChange: () => ({ dispose() {} }),
    stop: () => Promise.resolve(),
  };
  const dependencies = {
    jobs,
    signIn: { ensure: () => Promise.resolve(true) },
    agentDailyCredits: () => 500,
    plan: () => 'free',
    log: { trace() {}, info() {}, warn() {}, error() {} },
    temporaryFolder: (name: string) => join(root, name),
  };
  const token = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose() {} }) };
  return {
    workspace,
    submitted,
    jobs,
    lose: () => void (find = () => undefined),
    agent: (tool = headshot) => {
      const agentTool = new AgentTool(tool, dependencies as never);
      return {
        prepare: async (input: object) => {
          const prepared = await agentTool.prepareInvocation({ input } as never);
          const message = prepared.confirmationMessages?.message;
          return typeof message === 'string' ? message : (message?.value ?? '');
        },
        invoke: (input: Record<string, unknown>) =>
          agentTool.invoke({ input, toolInvocationToken: undefined }, token),
      };
    },
  };
}

beforeEach(() => {
  editor.shown.length = 0;
  editor.choice = undefined;
});

const image = 'people/anna.png';

suite('a request from an agent', () => {
  test('is confirmed by paths in the workspace and hosts of URLs', async context => {
    const { agent } = await scene(context);
    const message = await agent(talkingPhoto).prepare({
      image,
      audio: 'https://example.com/a/voice.mp3',
      end: 2,
    });
    assert.match(message, /people\/anna\.png/);
    assert.match(message, /example\.com/);
  });

  test('is confirmed with its price: exact, approximate, a lower bound, or none', async context => {
    const { agent } = await scene(context);
    const fox = { prompt: 'a fox', model: 'z-image-turbo' };
    const cases = [
      [imageGenerator, { ...fox, count: 4 }, ': 20 credits will be charged'],
      [imageGenerator, { ...fox, resolution: '2k' }, ': at least 5 credits will be charged'],
      [talkingPhoto, { image, audio: 'anna.mp3', end: 1 }, ': about 48 credits will be charged'],
      [faceEditor, { image }, ': 1 credit will be charged'],
      [qrCode, { content: 'https://example.com', artStyle: 'Ink' }, ': no credits will be charged'],
    ] as const;
    for (const [tool, input, price] of cases) {
      const message = await agent(tool).prepare(input);
      assert.ok(message.includes(price), message);
    }
  });

  test('reports the options that were used instead of unavailable ones', async context => {
    const { agent } = await scene(context);
    const { prepare, invoke } = agent(imageGenerator);
    const input = { prompt: 'a fox', model: 'krea-2', resolution: '4k' };
    await prepare(input);
    const { content } = await invoke(input);
    const { options } = JSON.parse((content[0] as { value: string }).value) as JobRequestOptions;
    assert.equal(options['resolution'], '1k');
  });

  test("isn't submitted when it contains an option that the tool doesn't have", async context => {
    const { agent, submitted } = await scene(context);
    const { prepare, invoke } = agent();
    const input = { image, style: 'a suit', end: 2 };
    await assert.rejects(async () => prepare(input), /style, end.*image, name, stylePrompt/);
    await assert.rejects(async () => invoke(input), /style, end.*image, name, stylePrompt/);
    assert.deepEqual(submitted, []);
  });

  test("isn't submitted when the plan doesn't include it", async context => {
    const { agent, submitted } = await scene(context);
    const { prepare, invoke } = agent(imageUpscaler);
    await assert.rejects(async () => prepare({ image, scale: 4 }), /paid/);
    await assert.rejects(async () => invoke({ image, scale: 4 }), /paid/);
    await prepare({ image, scale: 2 });
    await invoke({ image, scale: 2 });
    assert.deepEqual(
      submitted.map(({ values }) => values['scale']),
      ['2'],
    );
  });

  test("needs no file if the tool doesn't use any, and is named after its text", async context => {
    const { agent, workspace, submitted } = await scene(context);
    const { prepare, invoke } = agent(qrCode);
    const input = { content: 'https://example.com', artStyle: 'Watercolor' };
    await prepare(input);
    await invoke(input);
    assert.equal(submitted[0]?.stem, 'https-example-com-qr-code');
    assert.equal(submitted[0]?.folder, pathToFileURL(workspace).href);
  });

  test("is submitted without another question when it's what was confirmed", async context => {
    const { agent, submitted } = await scene(context);
    const { prepare, invoke } = agent();
    await prepare({ image });
    await invoke({ image });
    assert.equal(submitted.length, 1);
    assert.deepEqual(editor.shown, []);
  });

  test('is confirmed again when a file was replaced after the first question', async context => {
    const { agent, workspace, submitted } = await scene(context);
    const { prepare, invoke } = agent(talkingPhoto);
    const input = { image, audio: 'anna.mp3' };
    await prepare(input);
    await copyFile(sample('voices', 'anna.mp3'), join(workspace, 'anna.mp3'));
    await utimes(join(workspace, 'anna.mp3'), new Date(), new Date(Date.now() + 5_000));

    await assert.rejects(async () => invoke(input));
    assert.deepEqual(submitted, []);
    assert.equal(editor.shown.length, 1);
    assert.match(JSON.stringify(editor.shown[0]), /credits/);

    editor.choice = 'Create';
    await invoke(input);
    assert.equal(submitted.length, 1);
  });

  test('is confirmed again when two questions about it showed different files', async context => {
    const { agent, workspace, submitted } = await scene(context);
    const { prepare, invoke } = agent();
    await prepare({ image });
    await utimes(join(workspace, image), new Date(), new Date(Date.now() + 5_000));
    await prepare({ image });
    await assert.rejects(async () => invoke({ image }));
    assert.deepEqual(submitted, []);
  });

  test("is confirmed when VS Code didn't ask the user", async context => {
    const { agent, submitted } = await scene(context);
    await assert.rejects(async () => agent().invoke({ image }));
    assert.equal(editor.shown.length, 1);
    assert.deepEqual(submitted, []);
  });

  test('is uploaded from the path that was checked, even when a link is swapped', async context => {
    const { agent, workspace, submitted } = await scene(context);
    await symlink(join(workspace, image), join(workspace, 'link.png'));
    const { prepare, invoke } = agent();
    assert.match(await prepare({ image: 'link.png' }), /people\/anna\.png/);
    await invoke({ image: 'link.png' });
    const source = submitted[0]?.inputs['image'];
    assert.ok(source?.kind === 'file' && source.uri.endsWith('/people/anna.png'));
  });

  test('stays in the workspace when that folder is itself a link', async context => {
    const { agent, workspace, submitted } = await scene(context);
    const link = join(workspace, '..', 'linked');
    await symlink(workspace, link);
    editor.folders = [link];
    const { prepare, invoke } = agent();
    await prepare({ image });
    await invoke({ image });
    const source = submitted[0]?.inputs['image'];
    assert.ok(source?.kind === 'file' && source.uri.includes('/linked/people/'));
  });

  for (const [what, input] of [
    ['a prompt', { image, stylePrompt: 'x'.repeat(20_001) }],
    ['a URL', { image: `https://example.com/${'x'.repeat(8_000)}.png` }],
  ] as const)
    test(`is rejected when ${what} is longer than the form allows`, async context => {
      const { agent, submitted } = await scene(context);
      await assert.rejects(async () => agent().prepare(input), /at most/);
      await assert.rejects(async () => agent().invoke(input), /at most/);
      assert.deepEqual(submitted, []);
    });

  test('ends with an explanation when its job can no longer be found', async context => {
    const { agent, lose } = await scene(context);
    const { prepare, invoke } = agent();
    await prepare({ image });
    lose();
    await assert.rejects(async () => invoke({ image }), /no longer in the list/);
  });
});

suite('asking for a job', () => {
  test('reads nothing outside the list of jobs', async () => {
    const asked: string[] = [];
    const jobs = { find: (id: string) => (asked.push(id), Promise.resolve(undefined)) };
    for (const job of ['../../secret', 'a/b', '..', '', 'x'.repeat(200), 7])
      await assert.rejects(
        async () => getJobTool(jobs as never).invoke({ input: { job } } as never, undefined as never),
        /no job/,
      );
    assert.deepEqual(asked, []);
  });
});
