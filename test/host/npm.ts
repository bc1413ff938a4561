import { spawn } from 'node:child_process';

/**
 * Runs npm in `folder`, with its output kept back unless it fails. Install scripts never run.
 *
 * @throws Error with npm's own words when it fails (no network, no such version).
 */
export async function npm(folder: string, ...args: string[]): Promise<void> {
  // `npm test` tells where npm is; started by hand, the one on the PATH is taken.
  const cli = process.env['npm_execpath'];
  const [command, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  const child = spawn(command, [...first, ...args, '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32' && command === 'npm',
    // An install below an `npm test` must not take that npm's settings (prefix, workspace) for its own.
    env: Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle)_|^npm_command$/.test(name)),
    ),
  });
  let output = '';
  child.stdout.on('data', chunk => (output += chunk));
  child.stderr.on('data', chunk => (output += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`npm ${args.join(' ')} failed (${code}):\n${output.trim()}`);
}
