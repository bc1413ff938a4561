import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { isActive, isEnded, type JobRequest } from '../../../src/jobs/job.ts';
import { checkDraft } from '../../../src/shared/draft.ts';
import { type Draft, draftSchema } from '../../../src/shared/draftSchema.ts';
import { HumanError } from '../../../src/shared/message.ts';
import { defaultOutputName, outputStem } from '../../../src/shared/outputName.ts';
import { tools } from '../../../src/tools/index.ts';
import * as v from 'valibot';
import { MemoryServer } from '../../support/memoryServer.ts';
import { openWindow, request, storage, workspace } from '../../support/jobWindow.ts';
import { MemoryDisk } from '../../support/memoryDisk.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

type Change = Partial<JobRequest>;

const image = (uri: string): Change => ({ inputs: { image: { kind: 'file', uri } } });
const link = (url: string): Change => ({ inputs: { image: { kind: 'url', url } } });
const folder = (uri: string): Change => ({ folder: uri });
const filled = (start: string, length: number): string => start.padEnd(length, 'x');

/** Values that the form, agents, and settings can put into a request, at each limit and beyond. */
const oddities: Readonly<Record<string, Change>> = {
  'a prompt of 20,000 characters': { values: { stylePrompt: filled('', 20_000) } },
  'a prompt of 20,001 characters from an agent': { values: { stylePrompt: filled('', 20_001) } },
  'a prompt of a million characters from an agent': { values: { stylePrompt: filled('', 1_000_000) } },
  'a prompt with half of an emoji': { values: { stylePrompt: 'smile \ud83d' } },
  'a prompt with invisible characters': { values: { stylePrompt: '\u0000\u2028\u202e\ufeff' } },
  'a name of 20,001 characters': { values: { name: filled('', 20_001) } },
  'a number that is NaN': { values: { maxResolution: Number.NaN } },
  'an infinite number': { values: { maxResolution: Number.POSITIVE_INFINITY } },
  'a URL of 8,000 characters': link(filled('https://a.example/', 8_000)),
  'a URL of 8,001 characters from an agent': link(filled('https://a.example/', 8_001)),
  'a path of 8,001 characters': image(filled(`file://${workspace}/`, 8_001)),
  "an input that isn't a URI": image('\\\\server\\share\\anna.png'),
  'an input with an empty URI': image(''),
  'a clip that starts at NaN': { clip: { start: Number.NaN, end: 1 } },
  'a clip that never ends': { clip: { start: 0, end: Number.POSITIVE_INFINITY } },
  'a price that is NaN': { estimate: { credits: Number.NaN, exact: true } },
  'a file name of 20,001 characters': { stem: filled('', 20_001) },
  'an empty file name': { stem: '' },
  'a file name that leaves the folder': { stem: '../../anna' },
  'a file name of 300 emoji': { stem: '\u{1f469}\u200d\u{1f3a4}'.repeat(300) },
  'a Windows device name': { stem: 'CON' },
  'a folder that is a drive': folder('file:///c%3A/'),
  'a folder on a file server': folder('file://server/share/pictures'),
  'a folder with percent signs': folder(`file://${workspace}/100%25%20%23`),
  'a folder with a broken escape': folder(`file://${workspace}/%E0%A4%A`),
  'a folder with an escaped slash': folder(`file://${workspace}/a%2Fb`),
  'a folder with a null character': folder(`file://${workspace}/a%00b`),
  "a folder that isn't a URI": folder('pictures'),
  'an empty folder': folder(''),
  'a folder with a query': folder('vscode-vfs://github/me/pictures?ref=main#x'),
  'a remote folder of 19,999 characters': folder(filled('memfs:/', 19_999)),
  'a remote folder of 20,001 characters': folder(filled('memfs:/', 20_001)),
  'a folder on another machine': folder('vscode-remote://ssh-remote%2Bbox/home/anna'),
  'a row with a very long name': { row: filled('', 20_001) },
  'an unknown tool': { tool: 'holograms' },
  'a size that is NaN': { seen: { image: { bytes: Number.NaN, modified: 0 } } },
  'a time before 1970': { seen: { image: { bytes: 1, modified: -1.5 } } },
};

interface Outcome {
  readonly accepted: readonly JobRequest[];
}

/** Submits, and checks that an accepted job is read back unchanged and that a rejected one leaves no trace. */
async function submit(requests: readonly JobRequest[]): Promise<Outcome> {
  const clock = new VirtualClock({ seed: 3 });
  const disk = new MemoryDisk();
  const server = new MemoryServer(clock);
  const window = openWindow(clock, disk, server);
  const before = disk.list(`${storage}/jobs`);
  try {
    let jobs: Awaited<ReturnType<typeof window.jobs.submit>>;
    try {
      jobs = await clock.settled(window.jobs.submit(requests));
    } catch (error) {
      assert.ok(error instanceof HumanError, `not a message for users: ${String(error)}`);
      await clock.advance(600_000);
      assert.equal(server.creates, 0, 'nothing may be sent for a rejected job');
      assert.deepEqual(disk.list(`${storage}/jobs`), before);
      return { accepted: [] };
    }
    assert.equal(jobs.length, requests.length);
    const other = openWindow(clock, disk, server);
    const found = await Promise.all(
      jobs.map(async ({ id }) => (await clock.settled(other.jobs.find(id)))?.request),
    );
    other.kill();
    // Compare as JSON, which omits undefined members.
    assert.deepEqual(found, JSON.parse(JSON.stringify(requests)), 'the request is read back unchanged');
    const now = () => jobs.map(({ id }) => window.jobs.get(id));
    await clock.until(() => now().every(job => job && !isActive(job)), 3_600_000);
    await clock.advance(60_000);
    window.kill();
    // A window that is opened later can read how the job ended.
    const later = openWindow(clock, disk, server);
    const history = await clock.settled(later.jobs.history());
    later.kill();
    assert.deepEqual(
      history.map(({ id }) => id).toSorted((a, b) => a.localeCompare(b)),
      jobs.map(({ id }) => id).toSorted((a, b) => a.localeCompare(b)),
    );
    for (const job of history) {
      assert.ok(isEnded(job), `${job.id} is ${job.phase}`);
      assert.notEqual(job.failure?.message.key, 'error.unexpected', window.log.join('\n'));
    }
    assert.ok(server.projects.size <= requests.length);
    return { accepted: requests };
  } finally {
    window.kill();
  }
}

suite('a request from the form, agents, or settings', () => {
  for (const [name, change] of Object.entries(oddities))
    test(`is stored unchanged or rejected before anything is sent: ${name}`, async () => {
      await submit([request(change)]);
    });

  test('is rejected together with the others in its submission', async () => {
    const { accepted } = await submit([
      request(),
      request({ estimate: { credits: Number.NaN, exact: true } }),
    ]);
    assert.deepEqual(accepted, []);
  });

  test('is stored unchanged or rejected: any combination', async () => {
    const changes = fc.uniqueArray(fc.constantFrom(...Object.keys(oddities)), { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(changes, async names => {
        await submit([request(Object.assign({}, ...names.map(name => oddities[name])) as Change)]);
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});

suite('the longest input that the form accepts', () => {
  for (const tool of tools)
    test(`is accepted: ${tool.id}`, async () => {
      const draft: Draft = {
        tool: tool.id,
        rows: [
          {
            id: filled('', 100),
            inputs: Object.fromEntries(
              tool.inputs.map(({ id }) => [id, { kind: 'url', url: filled('https://a.example/', 8_000) }]),
            ),
            start: '0',
            end: '1',
          },
        ],
        values: Object.fromEntries(
          tool.fields.flatMap(field =>
            field.type === 'text' || field.type === 'multiline'
              ? [[field.id, filled('', field.maxLength ?? 20_000)]]
              : [],
          ),
        ),
      };
      assert.ok(v.safeParse(draftSchema, draft).success);
      const { problems, rows, values } = checkDraft(tool, draft, () => ({}));
      assert.deepEqual(problems, []);
      const name = String(values['name'] ?? '');
      const requests = rows.map(
        ({ id, inputs, clip, price }): JobRequest => ({
          tool: tool.id,
          row: id,
          inputs,
          values,
          ...(clip && { clip }),
          trim: true,
          estimate: price,
          folder: `file://${workspace}`,
          stem: outputStem('${name}-' + defaultOutputName, {
            stem: name,
            tool: tool.resultSuffix,
            date: '2026-11-20',
            name,
          }),
        }),
      );
      const { accepted } = await submit(requests);
      assert.deepEqual(accepted, requests);
    });
});
