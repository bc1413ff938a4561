import { spawn } from 'node:child_process';

/**
 * Runs npm in `folder` and hides its output. Install scripts never run.
 *
 * @throws Error with npm's output if npm fails (no network, no such version).
 */
export async function npm(folder: string, ...args: string[]): Promise<void> {
  // `npm test` sets this variable. Otherwise, npm is on the PATH.
  const cli = process.env['npm_execpath'];
  const [command, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  const child = spawn(command, [...first, ...args, '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32' && command === 'npm',
    // An install started by `npm test` must not inherit that npm's settings (prefix, workspace).
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
