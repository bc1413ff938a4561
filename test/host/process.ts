import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';

/** A port of 127.0.0.1 that nobody used a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A program running beside the tests. */
export interface Service {
  child: ChildProcess;
  /** All it has printed so far. */
  output(): string;
  /** Ends it and everything it started. */
  stop(): Promise<void>;
}

/**
 * Runs a program until it answers at `url`.
 *
 * @throws Error with what it printed when it ends before, or does not answer within a minute.
 */
export async function startService(
  [command = '', ...args]: string[],
  url: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Service> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let output = '';
  child.stdout.on('data', chunk => (output += chunk));
  child.stderr.on('data', chunk => (output += chunk));
  // A test run that dies takes its servers along.
  const dieToo = () => killFamily(child);
  process.once('exit', dieToo);
  child.once('exit', () => process.off('exit', dieToo));
  const service: Service = { child, output: () => output, stop: () => stop(child) };
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${args[0]} ended:\n${output}`);
    try {
      await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(2000) });
      return service;
    } catch {
      if (Date.now() > deadline) {
        await service.stop();
        throw new Error(`${args[0]} does not answer at ${url}:\n${output}`);
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  killFamily(child);
  await ended;
}

/** Servers under test hold nothing worth an orderly end, and their children outlive a mere SIGTERM. */
function killFamily(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const family = descendants(child.pid);
  child.kill('SIGKILL');
  for (const { pid } of family) kill(pid);
}

/** Ends a process at once; fine when it is gone already. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** One line of the system's process table. */
export interface ProcessRow {
  pid: number;
  parent: number;
  command: string;
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
    // The second field is the program's name in brackets, and may hold anything.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return [{ pid: Number(name), parent, command }];
  } catch {
    return [];
  }
}
