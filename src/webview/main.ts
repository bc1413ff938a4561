import './css/form.css';
import type { FormState, HostMessage } from '../shared/protocol.ts';
import { Actions } from './actions.ts';
import { openChannel } from './channel.ts';
import { liveRegion } from './liveRegion.ts';
import { Thumbnails } from './media/thumbnails.ts';
import { mountPage } from './page.tsx';
import { readSavedForm } from './savedForm.ts';
import { Store } from './store.ts';
import { vscode } from './vscode.ts';

let store: Store | undefined;
let early: Partial<FormState> = {};

const channel = openChannel(
  message => vscode.postMessage(message),
  state => {
    if (store) store.receive(state);
    else early = { ...early, ...state };
  },
);

window.addEventListener('message', (event: MessageEvent<HostMessage>) => channel.receive(event.data));

const report = (error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  void channel.ask({ type: 'pageError', text: text.slice(0, 20_000) });
};
window.addEventListener('error', event => report(event.error ?? event.message));
window.addEventListener('unhandledrejection', event => report(event.reason));

const saved = readSavedForm(vscode.getState());
const asked = channel.ask({ type: 'ready' });
// The state in the HTML is current only when the form is first opened. After a reload, or when its tab is shown again,
// the page waits for the host's state instead.
const embedded = saved ? undefined : document.getElementById('state')?.textContent;
const state = embedded ? (JSON.parse(embedded) as FormState) : await asked;
store = new Store({ ...state, ...early }, saved, {
  send: draft => channel.ask({ type: 'draft', draft }),
  save: form => vscode.setState(form),
  later(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
});
const flush = () => void store?.flush();
document.addEventListener('visibilitychange', flush);
window.addEventListener('pagehide', flush);
window.setInterval(() => {
  if (store?.isWaiting && document.visibilityState === 'visible') void store.flush(true);
}, 5_000);

const root = document.getElementById('form');
if (root) {
  const { element, announce } = liveRegion();
  root.after(element);
  mountPage(root, {
    store,
    actions: new Actions(channel.ask, store),
    announce,
    thumbnails: new Thumbnails(channel.ask),
  });
}
// Applies the host's changes since it created the HTML, except for the draft: by now, the page has its own.
if (embedded) {
  const { assets, account, presets, jobs } = await asked;
  store.receive({ assets, account, presets, jobs });
}
