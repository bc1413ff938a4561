import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Where editors and browsers for tests are installed, as with `@vscode/test-electron`. Not in git. */
export const installations = join(root, '.vscode-test');

/** Where test runs write their counts, and screenshots and traces of failures. Not in git. */
export const results = join(root, 'out', 'results');
