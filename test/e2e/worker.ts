/** A worker process of run.ts. It asks for a test file, runs its tests, and asks for the next one. */
import { end, running } from './harness/e2e.ts';

const askForFile = () => process.send?.('next');

process.on('message', (message: string) => void (message === 'done' ? finish() : runFile(message)));
askForFile();

async function runFile(file: string): Promise<void> {
  await import(file);
  await Promise.all(running);
  askForFile();
}

/** Closes everything that keeps the process alive. */
async function finish(): Promise<void> {
  await end();
  process.disconnect();
}
