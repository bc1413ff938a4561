import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { ThisProcess } from './presence.ts';

/** Two containers may share a home folder and a host name, but not their process numbers. */
function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

export const thisProcess = (): ThisProcess => ({
  home: `${hostname()} ${processNamespace()}`,
  pid: process.pid,
  isRunning(pid) {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      // Anything but "no such process" means that there is one, perhaps of another person.
      return (error as NodeJS.ErrnoException).code !== 'ESRCH';
    }
  },
});
