/** Installs what the end-to-end tests run on, so that no test's time goes into it. */
import { launchBrowser } from './browser.ts';
import { installCodeServer } from './code-server.ts';
import { installExtension } from './extension.ts';

await installExtension(await installCodeServer());
await (await launchBrowser()).close();
