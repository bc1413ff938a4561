import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Draft } from '../../../src/shared/draft.ts';
import type { FormState, SavedForm } from '../../../src/shared/protocol.ts';
import { strings } from '../../../src/shared/strings/index.ts';
import { Store } from '../../../src/webview/store.ts';

const audio = { kind: 'file' as const, uri: 'file:///voice.mp3' };
const image = { kind: 'file' as const, uri: 'file:///anna.png' };
const draft: Draft = {
  tool: 'talkingPhoto',
  rows: [{ id: 'r', inputs: { image, audio }, start: '1', end: '20' }],
  values: {},
};
const state: FormState = {
  locale: 'en',
  strings,
  draft,
  assets: {
    [audio.uri]: {
      status: 'ready',
      name: 'voice.mp3',
      info: { kind: 'audio', extension: 'mp3', bytes: 1, modified: 1, seconds: 60 },
    },
  },
  account: { hasKey: true },
  presets: [],
  jobs: [],
};

let sent: Draft[];
let saved: SavedForm | undefined;
let due: (() => void)[];
/** Responds to the pending send. */
let answer: () => void;

const effects = {
  send: (next: Draft) => {
    sent.push(next);
    return new Promise<void>(resolve => {
      answer = resolve;
    });
  },
  save: (form: SavedForm) => {
    saved = form;
  },
  later: (_: number, callback: () => void) => {
    due.push(callback);
    return () => {
      due = due.filter(candidate => candidate !== callback);
    };
  },
};
const runTimers = () => {
  const now = due;
  due = [];
  for (const callback of now) callback();
};

beforeEach(() => {
  sent = [];
  saved = undefined;
  due = [];
  answer = () => undefined;
});

describe('typing', () => {
  test('is sent after a pause, and saved on every change', () => {
    const store = new Store(state, undefined, effects);
    store.setValue('name', 'A');
    store.setValue('name', 'An');
    assert.equal(sent.length, 0);
    assert.equal(saved?.draft.values['name'], 'An');
    assert.equal(saved?.unsent, true);
    runTimers();
    assert.deepEqual(
      sent.map(({ values }) => values['name']),
      ['An'],
    );
  });

  test('counts as sent only after the host has responded', async () => {
    const store = new Store(state, undefined, effects);
    store.setValue('name', 'An');
    const flushed = store.flush();
    store.receive({ account: { hasKey: false } });
    assert.equal(saved?.unsent, true);
    answer();
    await flushed;
    assert.equal(saved?.unsent, false);
  });

  test('survives a draft that the host pushes at the same time', () => {
    const store = new Store(state, undefined, effects);
    store.setValue('name', 'An');
    store.receive({ draft: { ...draft, rows: [{ id: 'r', inputs: { audio }, start: '0', end: '5' }] } });
    assert.equal(store.view.draft.values['name'], 'An');
    assert.deepEqual(store.view.draft.rows[0], { id: 'r', inputs: { audio }, start: '1', end: '20' });
  });

  test('is sent with a file that the host adds at the same time, because the host then has neither', async () => {
    const store = new Store(state, undefined, effects);
    store.setValue('name', 'An');
    const flushed = store.flush();
    const added = { id: 'dropped', inputs: { image }, start: '', end: '' };
    store.receive({ draft: { ...draft, rows: [...draft.rows, added] } });
    answer();
    await flushed;
    runTimers();
    assert.deepEqual(sent.at(-1), { ...draft, rows: [...draft.rows, added], values: { name: 'An' } });
  });

  test('that was not sent before a reload is restored', () => {
    const kept: SavedForm = { draft: { ...draft, values: { name: 'kept' } }, unsent: true, jobs: [] };
    assert.equal(new Store(state, kept, effects).view.draft.values['name'], 'kept');
    assert.equal(new Store(state, { ...kept, unsent: false }, effects).view.draft.values['name'], undefined);
  });
});

describe('problems', () => {
  test('are not shown while typing', () => {
    const store = new Store(state, undefined, effects);
    store.controlFocused('end', 'r');
    store.editRow('r', row => ({ ...row, end: '1:' }));
    assert.equal(store.view.problem('end', 'r'), undefined);
    store.controlBlurred('end', 'r');
    assert.equal(store.view.problem('end', 'r')?.key, 'form.secondsUnreadable');
  });

  test('are shown immediately after a change of mode', () => {
    const store = new Store(state, undefined, effects);
    store.editRow('r', row => ({ ...row, end: '60' }));
    store.setValue('mode', 'prompted');
    assert.equal(store.view.problem('end', 'r')?.key, 'form.clipTooLong');
    assert.equal(store.view.clipLimit, 45);
  });

  test('with missing inputs are shown after a submit attempt', () => {
    const empty = { ...draft, rows: [{ id: 'r', inputs: {}, start: '', end: '' }] };
    const store = new Store({ ...state, draft: empty }, undefined, effects);
    assert.equal(store.view.problem('image', 'r'), undefined);
    store.showAllProblems();
    assert.equal(store.view.problem('image', 'r')?.key, 'form.imageMissing');
    assert.equal(store.view.problem('end', 'r'), undefined, 'empty times without a recording are no mistake');
  });

  test('found by the host disappear when their row changes', () => {
    const store = new Store(state, undefined, effects);
    store.rejectSubmit([{ row: 'r', control: 'image', message: { key: 'form.imageMissing' } }]);
    assert.equal(store.view.problem('image', 'r')?.key, 'form.imageMissing');
    store.editRow('r', row => ({ ...row, start: '2' }));
    assert.equal(store.view.problem('image', 'r'), undefined);
  });
});

test('Start and End are filled in and sent when the host has read the audio', () => {
  const fresh = { ...draft, rows: [{ id: 'r', inputs: { image, audio }, start: '', end: '' }] };
  const store = new Store({ ...state, draft: fresh, assets: {} }, undefined, effects);
  assert.equal(store.view.draft.rows[0]?.end, '');
  store.receive({ assets: state.assets });
  assert.equal(store.view.draft.rows[0]?.end, '60');
  runTimers();
  assert.equal(sent[0]?.rows[0]?.end, '60');
});

describe('a host that stopped responding', () => {
  const notice = (store: Store) => store.view.notice?.key;

  test('is reported, typed text stays unsent, and a late response clears the notice', async () => {
    const store = new Store(state, undefined, effects);
    store.setValue('name', 'Anna');
    runTimers();
    assert.equal(notice(store), undefined);
    runTimers();
    assert.equal(notice(store), 'form.hostSilent');
    assert.equal(saved?.unsent, true);
    answer();
    await Promise.resolve();
    await Promise.resolve();
    assert.equal(notice(store), undefined);
    assert.equal(saved?.unsent, false);
  });

  test('is noticed while the form waits for it, and ends the wait', async () => {
    const store = new Store(state, undefined, effects);
    runTimers();
    answer();
    await Promise.resolve();
    store.setSubmitting(true);
    assert.equal(store.isWaiting, true);
    const count = sent.length;
    void store.flush(true);
    void store.flush(true);
    assert.equal(sent.length, count + 1);
    runTimers();
    assert.equal(store.view.submitting, false);
    assert.equal(notice(store), 'form.hostSilent');
  });
});
