/** Installs what the end-to-end tests run on, so that it doesn't count as a test's time. */
import { launchBrowser } from './browser.ts';
import { installCodeServer } from './code-server.ts';
import { installExtension } from './extension.ts';

await installExtension(await installCodeServer());
await (await launchBrowser()).stop();
