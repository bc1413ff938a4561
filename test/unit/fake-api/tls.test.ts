import assert from 'node:assert/strict';
import { get } from 'node:https';
import { suite, test } from 'node:test';
import { makeCertificates } from '../../fake-api/certificate.ts';
import { freshApi } from './support.ts';

/** Gets the account with a client that trusts only `ca`, and returns the status. */
async function status(url: string, ca?: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const headers = { authorization: 'Bearer mhk_live_test' };
  get(`${url}/v1/account`, { ca, headers, agent: false }, response => {
    response.resume().on('end', () => resolve(response.statusCode));
  }).on('error', reject);
  return await promise;
}

suite('over TLS', () => {
  test('the API and the storage have a certificate of a private authority', async t => {
    const { ca, ...tls } = makeCertificates();
    const api = await freshApi(t, { tls });
    assert.match(api.apiUrl, /^https:/);
    assert.match(api.storageUrl, /^https:/);
    assert.equal(await status(api.apiUrl, ca), 200);
    await assert.rejects(status(api.apiUrl), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  });

  test('with another host name', async t => {
    const { ca, ...tls } = makeCertificates();
    const api = await freshApi(t, { tls, host: 'localhost' });
    assert.equal(await status(api.apiUrl, ca), 200);
  });

  test('an expired certificate', async t => {
    const { ca, ...tls } = makeCertificates({ days: -1 });
    const api = await freshApi(t, { tls });
    await assert.rejects(status(api.apiUrl, ca), { code: 'CERT_HAS_EXPIRED' });
  });

  test('a reset connection', async t => {
    const { ca, ...tls } = makeCertificates();
    const api = await freshApi(t, { tls });
    api.control.fault({ operation: 'account', action: { kind: 'reset' } });
    await assert.rejects(status(api.apiUrl, ca), { code: 'ECONNRESET' });
    assert.equal(await status(api.apiUrl, ca), 200);
  });
});
