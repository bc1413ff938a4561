import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HostMessage } from '../../../src/shared/protocol.ts';
import { HostError, openChannel } from '../../../src/webview/channel.ts';

describe('the channel to the host', () => {
  const open = () => {
    const posted: { request: number; body: unknown }[] = [];
    const states: unknown[] = [];
    const channel = openChannel(
      message => posted.push(message as { request: number; body: unknown }),
      state => states.push(state),
    );
    const reply = (message: HostMessage) => channel.receive(message);
    return { channel, posted, states, reply };
  };

  test('matches responses to requests in any order', async () => {
    const { channel, posted, reply } = open();
    const first = channel.ask({ type: 'readBytes', source: { kind: 'file', uri: 'a' }, from: 0, length: 1 });
    const second = channel.ask({ type: 'createAnother' });
    reply({ type: 'reply', request: posted[1]?.request ?? 0, value: undefined });
    reply({ type: 'reply', request: posted[0]?.request ?? 0, value: new Uint8Array([7]) });
    assert.deepEqual(await first, new Uint8Array([7]));
    assert.equal(await second, undefined);
  });

  test('rejects with the host’s message', async () => {
    const { channel, posted, reply } = open();
    const asked = channel.ask({ type: 'createAnother' });
    reply({ type: 'failed', request: posted[0]?.request ?? 0, message: { key: 'form.imageMissing' } });
    await assert.rejects(
      asked,
      (error: unknown) => error instanceof HostError && error.text.key === 'form.imageMissing',
    );
  });

  test('passes on pushed state', () => {
    const { states, reply } = open();
    reply({ type: 'state', state: { jobs: [] } });
    assert.deepEqual(states, [{ jobs: [] }]);
  });
});
