import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Where editors and browsers are installed for tests, as `@vscode/test-electron` does. Not in git. */
export const installations = join(root, '.vscode-test');

/** Where test runs leave their counts, and pictures and traces of failures. Not in git. */
export const results = join(root, 'out', 'results');
