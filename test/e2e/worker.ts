/** A process of run.ts: asks for a file, runs its tests, and asks for the next one. */
import { running } from './harness/e2e.ts';

const askForFile = () => process.send?.('next');

async function runFile(file: string): Promise<void> {
  await import(file);
  await Promise.all(running);
  askForFile();
}

process.on('message', (message: string) => {
  // The test runner ends when nothing keeps the process alive.
  if (message === 'done') process.disconnect();
  else void runFile(message);
});
askForFile();
