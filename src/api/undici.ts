// The only module that imports undici. Always import it with `import()`, so that it becomes a separate chunk that's
// loaded with the first request.
//
// The parts of undici are imported by path (undici 8.12.4, pinned in package.json). The main entry would add `fetch`,
// caches, mocks, and WebSockets, which are two fifths of its size. It would also put its agent into the process-wide
// slot that the `fetch` of all extensions uses. test/unit/api/undici.test.ts fails if a later version moves a part, and
// test/unit/api/dispatcherSlot.test.ts fails if a part starts to use the slot.
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';
import request from 'undici/lib/api/api-request.js';
import connect from 'undici/lib/api/api-connect.js';

// The main entry adds these methods to dispatchers. ProxyAgent opens its tunnels with `connect`.
Object.assign(Dispatcher.prototype, { request, connect });

export { Agent, Pool, ProxyAgent };
