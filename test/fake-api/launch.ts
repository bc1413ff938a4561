import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { FakeApiControl } from './control.ts';

/** A fake API in its own process, for tests whose process is killed or busy. */
export interface LaunchedFakeApi {
  readonly apiUrl: string;
  readonly storageUrl: string;
  readonly controlUrl: string;
  readonly control: FakeApiControl;
  close(): Promise<void>;
}

/** Starts main.ts with `args` (see there). The new process ends with this one, even if this one is killed. */
export async function launchFakeApi(args: string[] = []): Promise<LaunchedFakeApi> {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, '--json', '--attached', ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([
    once(lines, 'line').then(([text]: string[]) => text ?? ''),
    once(child, 'exit').then(([code]: (number | null)[]) =>
      Promise.reject(new Error(`fake API ended with ${code}`)),
    ),
  ]);
  const addresses = JSON.parse(line) as Pick<LaunchedFakeApi, 'apiUrl' | 'storageUrl' | 'controlUrl'>;
  return {
    ...addresses,
    control: new FakeApiControl(addresses.controlUrl),
    async close() {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.stdin.end();
      await exited;
    },
  };
}
