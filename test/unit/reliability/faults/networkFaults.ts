import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { type NetworkSettings, directSettings } from '../../../../src/api/route.ts';
import { makeCertificates } from '../../../fake-api/certificate.ts';
import { type ProxyOptions, startProxy } from '../../api/support/proxy.ts';
import { type Fault, type FaultGroup, type Scene, hurried } from './fault.ts';

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

const goesOn = { outcome: 'goes on', creates: 1 } as const;
const unpaid = { outcome: 'ends unpaid', creates: 0, projects: 0 } as const;

/** The first request of such a job is the create itself. */
const byAddress: Pick<Fault, 'request'> = {
  request: () => ({ inputs: { image: { kind: 'url', url: 'https://www.example.com/anna.png' } } }),
};

/** Only a proxy can find this host. */
const named: Pick<Fault, 'server'> = { server: { tls, host: 'api.magic-hour.test' } };
const password = 'p4ss-word';
const authorization = `Basic ${Buffer.from(`anna:${password}`).toString('base64')}`;
const secrets = [password, authorization.slice('Basic '.length)];

/** From now on all goes through such a proxy. */
async function through(scene: Scene, options: ProxyOptions = {}): Promise<void> {
  const { url } = await startProxy(scene, options);
  const withUser = options.authorization ? url.replace('//', `//anna:${password}@`) : url;
  scene.desk.network = network({ proxy: withUser });
}

const refusing = (options: ProxyOptions): Pick<Fault, 'server' | 'arrange' | 'mend'> => ({
  ...named,
  arrange: async scene => {
    const { url } = await startProxy(scene, options);
    scene.desk.network = network({ proxy: url });
  },
  mend: scene => through(scene, { authorization }),
});

/** A person puts the settings right while the job is trying. */
const mendedMeanwhile: Fault['during'] = async (scene, job) => {
  await scene.desk.until(job, ({ progress }) => progress?.trouble !== undefined);
  await through(scene);
};

export const networks: FaultGroup = {
  title: 'Proxies, certificates and the line',
  faults: [
    {
      name: 'the proxy wants a user name and password (407)',
      ...unpaid,
      ...refusing({ authorization }),
      secrets,
    },
    {
      name: 'the proxy wants others (407)',
      ...unpaid,
      ...named,
      arrange: async scene => {
        const { url } = await startProxy(scene, { authorization: 'Basic b3RoZXI=' });
        scene.desk.network = network({ proxy: url.replace('//', `//anna:${password}@`) });
      },
      mend: scene => through(scene, { authorization }),
      secrets,
    },
    {
      name: 'the proxy forbids the host (403)',
      ...unpaid,
      ...refusing({ status: 403 }),
      secrets,
    },
    {
      name: 'the proxy cannot reach the host (502), until the settings are put right',
      ...goesOn,
      ...refusing({ status: 502 }),
      during: mendedMeanwhile,
    },
    {
      name: 'the proxy does not answer, until the settings are put right',
      ...goesOn,
      ...refusing({ status: 0 }),
      desk: { limits: { connect: 400 } },
      during: mendedMeanwhile,
    },
    {
      name: 'there is no proxy at that address, until the settings are put right',
      ...goesOn,
      ...named,
      desk: { network: network({ proxy: 'http://127.0.0.1:1' }) },
      during: mendedMeanwhile,
    },
    {
      name: 'there is no proxy at that address, at the create',
      ...goesOn,
      ...named,
      ...byAddress,
      desk: { network: network({ proxy: 'http://127.0.0.1:1' }) },
      during: mendedMeanwhile,
    },
    {
      name: 'the address of the proxy is none',
      ...unpaid,
      ...named,
      desk: { network: network({ proxy: 'socks5://127.0.0.1:1080' }) },
      mend: scene => through(scene),
    },
    {
      name: 'the certificate is of an authority that is not trusted',
      ...unpaid,
      server: { tls },
      desk: { network: network({ environment: {} }) },
      mend: ({ desk }) => void (desk.network = network()),
    },
    {
      name: 'the same, at the create',
      ...unpaid,
      ...byAddress,
      server: { tls },
      desk: { network: network({ environment: {} }) },
      mend: ({ desk }) => void (desk.network = network()),
    },
    {
      ...expiredCertificate(),
      name: 'the certificate has expired',
      ...unpaid,
      mend: ({ desk }) => void (desk.network = { ...desk.network, proxyStrictSSL: false }),
    },
    {
      name: 'the certificate is for another host',
      ...unpaid,
      server: { tls, host: 'other.magic-hour.test' },
      arrange: scene => through(scene),
      mend: ({ desk }) => void (desk.network = { ...desk.network, proxyStrictSSL: false }),
    },
    {
      name: 'no TLS is spoken where it should be',
      ...unpaid,
      desk: server => ({ speed: hurried, apiUrl: server.apiUrl.replace('http:', 'https:') }),
      cure: 'none',
    },
    {
      name: 'nobody listens there for a quarter of an hour',
      ...unpaid,
      desk: { speed: hurried, apiUrl: 'http://127.0.0.1:1' },
      cure: 'none',
    },
    {
      name: 'the network is gone when the upload begins, and comes back',
      ...goesOn,
      arrange: ({ server }) => server.control.configure({ offline: true }),
      during: async ({ server, desk }, job) => {
        await desk.until(job, ({ progress }) => progress?.trouble !== undefined);
        server.control.configure({ offline: false });
      },
    },
    {
      name: 'the network breaks at the very moment of the create',
      outcome: 'asks',
      creates: 0,
      projects: 0,
      ...byAddress,
      arrange: ({ server }) => server.control.configure({ offline: true }),
      mend: ({ server }) => server.control.configure({ offline: false }),
    },
  ],
};

function expiredCertificate(): Pick<Fault, 'server' | 'arrange'> {
  const { ca: authority, ...expired } = makeCertificates({ days: -1 });
  return {
    server: { tls: expired },
    arrange: async ({ desk }) => {
      const path = `${desk.folder}-ca.pem`;
      await writeFile(path, authority);
      desk.network = network({ environment: { NODE_EXTRA_CA_CERTS: path } });
    },
  };
}
