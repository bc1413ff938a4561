// The one place that imports undici. It is itself only ever imported with `import()`, so that the bundler gives it
// a chunk of its own that is loaded with the first request.
//
// The parts are imported by their paths (undici 8.12.4, which package.json pins). The entry would also bring `fetch`,
// caches, mocks and WebSockets, two fifths of its size, and would put an agent of its own into the process-wide slot
// that all extensions' `fetch` uses; these parts touch no slot. test/unit/api/undici.test.ts tells when a later version
// has moved something, test/unit/api/dispatcherSlot.test.ts when one of them begins to reach for the slot.
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';
import request from 'undici/lib/api/api-request.js';
import connect from 'undici/lib/api/api-connect.js';

// The entry gives dispatchers their methods. `connect` is what ProxyAgent opens its tunnels with.
Object.assign(Dispatcher.prototype, { request, connect });

export { Agent, Pool, ProxyAgent };
