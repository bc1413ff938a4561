import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';

/** A free port on 127.0.0.1. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A program that runs while the tests do. */
export interface Service {
  child: ChildProcess;
  /** Everything that the program has printed so far. */
  output(): string;
  /**
   * Rejects with the output if the program exits without {@link stop}. Use with `Promise.race` for everything that
   * depends on it.
   */
  failed: Promise<never>;
  /** Ends the program and everything it started. */
  stop(): Promise<void>;
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-30).join('\n');

/**
 * Starts a program and waits until it responds at `url`.
 *
 * @param name The name for messages.
 * @throws Error with the program's output if it ends first or doesn't respond within a minute.
 */
export async function startService(
  name: string,
  [command = '', ...args]: string[],
  url: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Service> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk));
  // If a test run dies, its services must end, too.
  const killNow = () => killTree(child);
  process.once('exit', killNow);
  let isStopping = false;
  const exited = once(child, 'close').then(() => {
    process.off('exit', killNow);
  });
  const failed = exited.then(() => {
    if (isStopping) return new Promise<never>(() => {});
    const how = child.signalCode ?? `exit code ${child.exitCode}`;
    throw new Error(`${name} ended unexpectedly (${how}):\n${lastLines(output)}`);
  });
  failed.catch(() => {});
  const service: Service = {
    child,
    output: () => output,
    failed,
    async stop() {
      isStopping = true;
      killTree(child);
      await exited;
    },
  };

  const deadline = Date.now() + 60_000;
  for (;;) {
    const isUp = await Promise.race([responds(url), service.failed]);
    if (isUp) return service;
    if (Date.now() > deadline) {
      await service.stop();
      throw new Error(`${name} doesn't respond at ${url}:\n${lastLines(service.output())}`);
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

async function responds(url: string): Promise<boolean> {
  try {
    await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(2000) });
    return true;
  } catch {
    return false;
  }
}

/** Kills a process and everything it started. SIGTERM would leave the extension hosts of a server running. */
export function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  const tree = descendants(child.pid);
  child.kill('SIGKILL');
  for (const { pid } of tree) kill(pid);
}

/** Kills a process if it's still running. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has already ended.
  }
}

/** A process in the system's process table. */
export interface ProcessRow {
  pid: number;
  parent: number;
  command: string;
}

/** The extension hosts of a VS Code server: one per window. */
export function extensionHosts({ child }: Service): number[] {
  return descendants(child.pid ?? 0)
    .filter(({ command }) => command.includes('--type=extensionHost'))
    .map(({ pid }) => pid);
}

/** All processes below `pid`, children before grandchildren. */
export function descendants(pid: number): ProcessRow[] {
  const table = processTable();
  const below = (parent: number): ProcessRow[] => {
    const children = table.filter(row => row.parent === parent);
    return [...children, ...children.flatMap(child => below(child.pid))];
  };
  return below(pid);
}

function processTable(): ProcessRow[] {
  // Small Linux images have no `ps`.
  if (existsSync('/proc/self/stat')) return readdirSync('/proc').flatMap(linuxProcess);
  if (process.platform === 'win32') return [];
  return execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,command='], { encoding: 'utf8' })
    .split('\n')
    .flatMap(line => {
      const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
    });
}

function linuxProcess(name: string): ProcessRow[] {
  if (!/^\d+$/.test(name)) return [];
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    // The second field is the program's name in parentheses, which may contain any character.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return [{ pid: Number(name), parent, command }];
  } catch {
    return [];
  }
}
