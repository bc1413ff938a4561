import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../host/paths.ts';
import { Media } from './media.ts';

const run = promisify(execFile);

/** The resources that the rows of a run share: media, the package, and a folder for files. */
export class Bench {
  readonly media: Media;
  readonly #folder: string;
  #packaged: Promise<void> | undefined;
  readonly #closers: (() => Promise<void>)[] = [];

  private constructor(folder: string) {
    this.#folder = folder;
    this.media = new Media(join(root, 'out', 'bench', 'media'));
  }

  static async open(): Promise<Bench> {
    const folder = join(root, 'out', 'bench');
    await mkdir(folder, { recursive: true });
    return new Bench(await mkdtemp(join(folder, 'run-')));
  }

  /** A new empty folder, deleted after the run. */
  async newFolder(name: string): Promise<string> {
    return await mkdtemp(join(this.#folder, `${name}-`));
  }

  /** Packages the current sources, once per run. */
  packaged(): Promise<void> {
    return (this.#packaged ??= run('npm', ['run', '--silent', 'package'], {
      cwd: root,
      shell: process.platform === 'win32',
    }).then(() => undefined));
  }

  /** Registers a cleanup function for something that several rows use. */
  onClose(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  async close(): Promise<void> {
    for (const close of this.#closers.toReversed()) await close();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
