/** A process of run.ts: asks for a file, runs its tests, and asks for the next one. */
import { end, running } from './harness/e2e.ts';

const askForFile = () => process.send?.('next');

process.on('message', (message: string) => void (message === 'done' ? finish() : runFile(message)));
askForFile();

async function runFile(file: string): Promise<void> {
  await import(file);
  await Promise.all(running);
  askForFile();
}

/** Nothing keeps the process alive after this. */
async function finish(): Promise<void> {
  await end();
  process.disconnect();
}
