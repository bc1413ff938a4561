// Runs before every npm script. Installs the dependencies if node_modules doesn't match the lock file, so that a single
// command is enough in a fresh clone. Plain JavaScript without dependencies, because it runs on the installed Node.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const stamp = 'node_modules/.magic-hour-lock';
const wanted = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';

if (installed !== wanted) {
  console.log('Installing dependencies (npm ci) …');
  // Hide npm's engine warnings, because npm may run on an older Node version than the packages.
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  mkdirSync('node_modules', { recursive: true });
  writeFileSync(stamp, wanted);
}
