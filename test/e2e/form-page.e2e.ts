import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { until } from './harness/until.ts';
import { frameOf, waitForText } from './support/form.ts';
import { scenario, submit } from './support/scenario.ts';
import { balance, menuItem, text } from './support/text.ts';

interface WithApi {
  readonly vscode: { postMessage(message: unknown): void };
}

scenario('blocks foreign code, requests to other hosts, and invalid messages', async fixtures => {
  // VS Code provides its API only once, and the page's own code takes it, so this script intercepts the call.
  await fixtures.addInitScript(() => {
    let acquire: (() => unknown) | undefined;
    Object.defineProperty(globalThis, 'acquireVsCodeApi', {
      configurable: true,
      get: () => {
        const own = acquire;
        return own && (() => Object.assign(globalThis, { vscode: own() }).vscode);
      },
      set(own: () => unknown) {
        acquire = own;
      },
    });
  });
  const window = await fixtures.openSignedIn();
  await window.explorer.choose('portraits/anna.png', 'Magic Hour', menuItem('createHeadshot'));
  await waitForText(window.form(), balance('50'));
  const frame = await frameOf(window.form());

  const requestsBefore = fixtures.api.control.requests.length;
  const { api } = fixtures;
  const blocked = await frame.evaluate(async foreign => {
    const violations = new Set<string>();
    Object.assign(globalThis, { violations });
    document.addEventListener('securitypolicyviolation', event => violations.add(event.effectiveDirective));
    const results = new Map<string, unknown>();
    const script = document.createElement('script');
    script.textContent = 'document.body.dataset.ran = "inline"';
    document.body.append(script);
    const remote = document.createElement('script');
    remote.src = `${foreign}/script.js`;
    document.body.append(remote);
    const handler = document.createElement('button');
    handler.setAttribute('onclick', 'document.body.dataset.ran = "handler"');
    document.body.append(handler);
    handler.click();
    const style = document.createElement('div');
    document.body.append(style);
    style.innerHTML = '<p style="color: red">styled</p>';
    const image = new Image();
    image.src = `${foreign}/pixel.png`;
    const frame = document.createElement('iframe');
    frame.src = `${foreign}/page.html`;
    document.body.append(frame);
    // Runs in a timer, because code that Playwright evaluates is exempt from the content security policy.
    await new Promise<void>(resolve =>
      setTimeout(() => {
        try {
          // oxlint-disable-next-line no-eval -- the test expects it to be refused
          results.set('eval', (0, eval)('1 + 1'));
        } catch {
          results.set('eval', 'refused');
        }
        resolve();
      }),
    );
    results.set('fetch', await fetch(`${foreign}/v1/account`).then(String, () => 'refused'));
    results.set(
      'socket',
      await new Promise(resolve => {
        try {
          const socket = new WebSocket(foreign.replace('http', 'ws'));
          socket.addEventListener('open', () => resolve('open'));
          socket.addEventListener('error', () => resolve('refused'));
        } catch {
          resolve('refused');
        }
      }),
    );
    for (const element of [script, remote, handler, style, frame]) element.remove();
    return { results: Object.fromEntries(results), ran: document.body.dataset['ran'] };
  }, api.apiUrl);
  assert.equal(blocked.ran, undefined);
  assert.deepEqual(blocked.results, { eval: 'refused', fetch: 'refused', socket: 'refused' });
  const violations = () =>
    frame.evaluate(() => [...(globalThis as unknown as { violations: Set<string> }).violations].toSorted());
  const expected = [
    'connect-src',
    'frame-src',
    'img-src',
    'script-src',
    'script-src-attr',
    'script-src-elem',
    'style-src-attr',
  ];
  await until('all violations', async () => (await violations()).length >= expected.length);
  assert.deepEqual(await violations(), expected);
  assert.equal(api.control.requests.length, requestsBefore, 'requests to the API');

  // Send invalid messages, and messages that ask for files that the form doesn't show.
  const secret = pathToFileURL(window.path('voices', 'notes.txt')).href;
  const answers = await frame.evaluate(async secret => {
    const { vscode } = globalThis as unknown as WithApi;
    const messages: Record<string, unknown>[] = [
      { type: 'formatDisk' },
      { type: 'draft', draft: { tool: 'headshot', rows: 'all', values: {} } },
      { type: 'draft', draft: { tool: 'talkingPhoto', rows: [], values: {} } },
      { type: 'readBytes', source: { kind: 'file', uri: secret }, from: 0, length: 10 },
      { type: 'readBytes', source: { kind: 'file', uri: secret }, from: 0, length: 1e9 },
      { type: 'cutClip', source: { kind: 'file', uri: secret }, start: 0, end: 1 },
      { type: 'job', job: 'somebody-else', action: 'deleteOnServer' },
      { type: 'suggestedAction', suggestedAction: 'workbench.action.quit' },
      { type: 'dropUris', row: '', input: 'image', uris: ['::not a uri::'] },
    ];
    return Promise.all(
      messages.map(
        (body, index) =>
          new Promise<string>(resolve => {
            const request = 1_000_000 + index;
            addEventListener('message', ({ data }) => {
              if (data?.request === request) resolve(`${String(body['type'])}: ${String(data.type)}`);
            });
            vscode.postMessage({ request, body });
          }),
      ),
    );
  }, secret);
  assert.deepEqual(
    answers.filter(answer => !answer.endsWith(': failed')),
    [],
  );
  await frame.evaluate(() => (globalThis as unknown as WithApi).vscode.postMessage('no request at all'));
  const log = await until('the rejections in the log', async () => {
    const logged =
      [...(await fixtures.host.readLogs())].find(([file]) => file.endsWith('Magic Hour.log'))?.[1] ?? '';
    return logged.split('The form sent an invalid message').length > 5 && logged;
  });
  assert.match(log, /The page requested a file that it must not read/);
  await submit(window);
  await waitForText(window.form(), text('form.done'));
});

scenario('fits any width from 320 pixels without clipping or horizontal scrolling', async fixtures => {
  const window = await fixtures.openSignedIn();
  const long = 'A very long name for a photo that nobody would ever type but some camera made (1) (2).png';
  await copyFile(window.path('portraits', 'anna.png'), window.path('portraits', long));
  await window.explorer.select(`portraits/${long}`, 'voices/anna.mp3');
  await window.explorer.choose('voices/anna.mp3', 'Magic Hour', menuItem('createTalkingPhoto'));
  const form = window.form();
  await form.locator('.wave[data-waveform="done"]').waitFor();
  await window.quickInput.command('View: Toggle Primary Side Bar Visibility');
  await form.getByRole('button', { name: text('form.savePreset') }).click();
  await form
    .getByRole('button', { name: text('form.useUrl') })
    .first()
    .click();
  /** The elements that extend past the left or right edge of the page. */
  const overflowing = () =>
    form.locator('body').evaluate(body => {
      const width = document.documentElement.clientWidth;
      const out = [...body.querySelectorAll('*')]
        .filter(element => element.checkVisibility() && !element.closest('.visually-hidden, .wave-inner'))
        .filter(element => {
          const { left, right, width: own } = element.getBoundingClientRect();
          return own > 0 && (left < -0.5 || right > width + 0.5);
        })
        .map(element => `${element.tagName}.${element.className} of ${width}`);
      return document.documentElement.scrollWidth > width ? ['the page', ...out] : out;
    });
  const widths = async () => {
    for (const width of [320, 400, 760, 1600]) {
      await until(`a page of ${width}`, async () => {
        const missing = width - (await form.locator('html').evaluate(html => html.clientWidth));
        if (Math.abs(missing) < 2) return true;
        const outer = window.page.viewportSize()?.width ?? width;
        // The workbench resizes with a delay, and the width of its other parts varies.
        await window.page.setViewportSize({ width: Math.max(width, outer + missing), height: 800 });
        return false;
      });
      assert.deepEqual(await overflowing(), []);
    }
  };
  await widths();
  // Simulates a right-to-left language.
  await form.locator('html').evaluate(html => html.setAttribute('dir', 'rtl'));
  await widths();
  await form.locator('html').evaluate(html => html.setAttribute('dir', 'ltr'));
  await submit(window);
  await waitForText(form, text('form.done'));
  await form.locator('video').waitFor();
  await widths();
});
