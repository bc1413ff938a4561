import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * The folder where editors and browsers for tests are installed, the same as for `@vscode/test-electron`. Not in git.
 */
export const installations = join(root, '.vscode-test');

/** The folder for test counts, and for screenshots and traces of failures. Not in git. */
export const results = join(root, 'out', 'results');
