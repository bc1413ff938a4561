import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the project. */
export const root = join(import.meta.dirname, '../../..');

/** The text of a file of the project. */
export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

export const readJson = (path: string): unknown => JSON.parse(read(path));

/** The TypeScript files in `src`: paths with forward slashes, and their text. */
export const sources = (): { path: string; text: string }[] =>
  globSync('src/**/*.{ts,tsx}', { cwd: root }).map(path => ({
    path: path.replaceAll('\\', '/'),
    text: read(path),
  }));
