import { rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { createApi } from '../../../../src/api/client.ts';
import { ApiError } from '../../../../src/api/errors.ts';
import { type Limits, defaultLimits } from '../../../../src/api/limits.ts';
import type { Clock } from '../../../../src/api/retry.ts';
import { type NetworkSettings, directSettings } from '../../../../src/api/route.ts';
import type { MagicHourApi } from '../../../../src/api/types.ts';
import { type FakeApi, type FakeApiOptions, startFakeApi } from '../../../fake-api/server.ts';

export const key = 'mhk_live_test';

export interface ClientOptions {
  readonly key?: string;
  readonly network?: () => NetworkSettings;
  readonly limits?: Limits;
}

/** All messages that the clients of a test have logged. */
export const logged: string[] = [];

/** Creates a client that is closed after the test. */
export function clientOf(t: TestContext, apiUrl: string, options: ClientOptions = {}): MagicHourApi {
  const write = (message: string): void => void logged.push(message);
  const api = createApi({
    apiUrl,
    key,
    network: () => directSettings,
    userAgent: 'magic-hour-test',
    log: { trace: write, warn: write },
    ...options,
  });
  t.after(() => api.dispose());
  return api;
}

/** Starts a fake API and a client for one test. A request that violates the API fails the test. */
export async function connectToFakeApi(
  t: TestContext,
  { client, ...options }: FakeApiOptions & { readonly client?: ClientOptions } = {},
): Promise<{ readonly server: FakeApi; readonly api: MagicHourApi }> {
  const server = await startFakeApi({ behavior: { clock: 'manual' }, ...options });
  t.after(async () => {
    await server.close();
    assert.deepEqual(server.control.takeViolations(), []);
  });
  return { server, api: clientOf(t, server.apiUrl, client) };
}

/** Sets every limit to the same few milliseconds, for tests that exceed one. */
export const tight = (ms: number): Limits => ({
  ...(Object.fromEntries(
    Object.keys(defaultLimits).map(name => [name, { headers: ms, idle: ms }]),
  ) as unknown as Limits),
  connect: ms,
});

/** Creates a temporary folder for one test. */
export async function folder(t: TestContext): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'magic-hour-api-'));
  t.after(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** Returns the `ApiError` with which a call fails. */
export async function failureOf(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    value => assert.fail(`It succeeded: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ApiError, `not an ApiError: ${String(error)}`);
  return error;
}

/** A clock that never waits and records the requested delays. */
export function quickClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    waits,
    now: () => 0,
    async wait(ms, signal) {
      signal?.throwIfAborted();
      waits.push(ms);
    },
    random: () => 0.5,
  };
}
