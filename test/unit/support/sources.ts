import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The project's root folder. */
export const root = join(import.meta.dirname, '../../..');

/** The text of a file in the project. */
export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

export const readJson = (path: string): unknown => JSON.parse(read(path));

/** The paths (with forward slashes) and texts of the TypeScript files in `src`. */
export const sources = (): { path: string; text: string }[] =>
  globSync('src/**/*.{ts,tsx}', { cwd: root }).map(path => ({
    path: path.replaceAll('\\', '/'),
    text: read(path),
  }));
