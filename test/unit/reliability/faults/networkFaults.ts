import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { type NetworkSettings, directSettings } from '../../../../src/api/route.ts';
import { makeCertificates } from '../../../fake-api/certificate.ts';
import { type ProxyOptions, startProxy } from '../../api/support/proxy.ts';
import { type Fault, type FaultGroup, type Scene, veryFast } from './fault.ts';

const fixtures = new URL('../../../fixtures/tls/', import.meta.url);
const ca = new URL('ca.pem', fixtures).pathname;
const fixture = (name: string): string => readFileSync(new URL(name, fixtures), 'utf8');
const tls = { key: fixture('key.pem'), cert: fixture('cert.pem') };
const trusting = { NODE_EXTRA_CA_CERTS: ca };
const network = (change: Partial<NetworkSettings> = {}): NetworkSettings => ({
  ...directSettings,
  proxySupport: 'override',
  environment: trusting,
  ...change,
});

const recovers = { outcome: 'recovers', creates: 1 } as const;
const unpaid = { outcome: 'ends unpaid', creates: 0, projects: 0 } as const;

/** An input that isn't uploaded, so that the first request is the create request. */
const byAddress: Pick<Fault, 'request'> = {
  request: () => ({ inputs: { image: { kind: 'url', url: 'https://www.example.com/anna.png' } } }),
};

/** A host name that only the proxy resolves. */
const named: Pick<Fault, 'server'> = { server: { tls, host: 'api.magic-hour.test' } };
const password = 'p4ss-word';
const authorization = `Basic ${Buffer.from(`anna:${password}`).toString('base64')}`;
const secrets = [password, authorization.slice('Basic '.length)];

/** Makes the extension use a proxy from now on. */
async function through(scene: Scene, options: ProxyOptions = {}): Promise<void> {
  const { url } = await startProxy(scene, options);
  const withUser = options.authorization ? url.replace('//', `//anna:${password}@`) : url;
  scene.harness.network = network({ proxy: withUser });
}

const refusing = (options: ProxyOptions): Pick<Fault, 'server' | 'arrange' | 'fix'> => ({
  ...named,
  arrange: async scene => {
    const { url } = await startProxy(scene, options);
    scene.harness.network = network({ proxy: url });
  },
  fix: scene => through(scene, { authorization }),
});

/** The user corrects the settings while the job retries. */
const correctedLater: Fault['during'] = async (scene, job) => {
  await scene.harness.until(job, ({ progress }) => progress?.trouble !== undefined);
  await through(scene);
};

export const networks: FaultGroup = {
  title: 'Proxies, certificates, and connections',
  faults: [
    {
      name: 'the proxy asks for a username and password (407)',
      ...unpaid,
      ...refusing({ authorization }),
      secrets,
    },
    {
      name: 'the proxy rejects the username and password (407)',
      ...unpaid,
      ...named,
      arrange: async scene => {
        const { url } = await startProxy(scene, { authorization: 'Basic b3RoZXI=' });
        scene.harness.network = network({ proxy: url.replace('//', `//anna:${password}@`) });
      },
      fix: scene => through(scene, { authorization }),
      secrets,
    },
    {
      name: 'the proxy blocks the host (403)',
      ...unpaid,
      ...refusing({ status: 403 }),
      secrets,
    },
    {
      name: "the proxy can't reach the host (502), until the settings are corrected",
      ...recovers,
      ...refusing({ status: 502 }),
      during: correctedLater,
    },
    {
      name: 'the proxy never responds, until the settings are corrected',
      ...recovers,
      ...refusing({ status: 0 }),
      harness: { limits: { connect: 400 } },
      during: correctedLater,
    },
    {
      name: 'no proxy is listening at that address, until the settings are corrected',
      ...recovers,
      ...named,
      harness: { network: network({ proxy: 'http://127.0.0.1:1' }) },
      during: correctedLater,
    },
    {
      name: 'no proxy is listening at that address, when the project is created',
      ...recovers,
      ...named,
      ...byAddress,
      harness: { network: network({ proxy: 'http://127.0.0.1:1' }) },
      during: correctedLater,
    },
    {
      name: "the proxy setting isn't a proxy URL",
      ...unpaid,
      ...named,
      harness: { network: network({ proxy: 'socks5://127.0.0.1:1080' }) },
      fix: scene => through(scene),
    },
    {
      name: "the certificate's authority isn't trusted",
      ...unpaid,
      server: { tls },
      harness: { network: network({ environment: {} }) },
      fix: ({ harness }) => void (harness.network = network()),
    },
    {
      name: "the certificate's authority isn't trusted, when the project is created",
      ...unpaid,
      ...byAddress,
      server: { tls },
      harness: { network: network({ environment: {} }) },
      fix: ({ harness }) => void (harness.network = network()),
    },
    {
      ...expiredCertificate(),
      name: 'the certificate has expired',
      ...unpaid,
      fix: ({ harness }) => void (harness.network = { ...harness.network, proxyStrictSSL: false }),
    },
    {
      name: 'the certificate is for another host',
      ...unpaid,
      server: { tls, host: 'other.magic-hour.test' },
      arrange: scene => through(scene),
      fix: ({ harness }) => void (harness.network = { ...harness.network, proxyStrictSSL: false }),
    },
    {
      name: "the server doesn't speak TLS",
      ...unpaid,
      harness: server => ({ speed: veryFast, apiUrl: server.apiUrl.replace('http:', 'https:') }),
      userAction: 'none',
    },
    {
      name: 'the connection is refused for 15 minutes',
      ...unpaid,
      harness: { speed: veryFast, apiUrl: 'http://127.0.0.1:1' },
      userAction: 'none',
    },
    {
      name: 'the network is down when the upload starts, and comes back',
      ...recovers,
      arrange: ({ server }) => server.control.configure({ offline: true }),
      during: async ({ server, harness }, job) => {
        await harness.until(job, ({ progress }) => progress?.trouble !== undefined);
        server.control.configure({ offline: false });
      },
    },
    {
      name: 'the network goes down right when the project is created',
      outcome: 'asks',
      creates: 0,
      projects: 0,
      ...byAddress,
      arrange: ({ server }) => server.control.configure({ offline: true }),
      fix: ({ server }) => server.control.configure({ offline: false }),
    },
  ],
};

function expiredCertificate(): Pick<Fault, 'server' | 'arrange'> {
  const { ca: authority, ...expired } = makeCertificates({ days: -1 });
  return {
    server: { tls: expired },
    arrange: async ({ harness }) => {
      const path = `${harness.folder}-ca.pem`;
      await writeFile(path, authority);
      harness.network = network({ environment: { NODE_EXTRA_CA_CERTS: path } });
    },
  };
}
