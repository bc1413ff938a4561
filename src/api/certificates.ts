import { readFile } from 'node:fs/promises';
import tls from 'node:tls';
import { type NetworkSettings, environmentVariable } from './route.ts';

/**
 * Creates a context with Node's own certificates, those of the operating system (`http.systemCertificates`), and those
 * in the file that NODE_EXTRA_CA_CERTS names, which may have been set too late for Node to read it. Returns undefined
 * if Node's own certificates are enough. Call this once for all connections, because it takes about 20 ms.
 */
export async function secureContextFor(
  settings: NetworkSettings,
  log: { warn(message: string): void },
): Promise<tls.SecureContext | undefined> {
  const extra = await extraCertificates(
    environmentVariable(settings.environment, 'NODE_EXTRA_CA_CERTS'),
    log,
  );
  const system = settings.systemCertificates ? systemCertificates(log) : [];
  if (extra.length === 0 && system.length === 0) return undefined;
  return tls.createSecureContext({ ca: [...new Set([...certificates('default'), ...system, ...extra])] });
}

/** Before version 22.15, Node has only its built-in certificates. */
const certificates = (type: 'default' | 'system'): readonly string[] => {
  if (typeof tls.getCACertificates === 'function') return tls.getCACertificates(type);
  return type === 'default' ? tls.rootCertificates : [];
};

function systemCertificates(log: { warn(message: string): void }): readonly string[] {
  try {
    return certificates('system');
  } catch (error) {
    log.warn(`Couldn't read the system's certificates: ${String(error)}`);
    return [];
  }
}

const pem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/gu;

async function extraCertificates(
  path: string | undefined,
  log: { warn(message: string): void },
): Promise<readonly string[]> {
  if (path === undefined) return [];
  try {
    return (await readFile(path, 'utf8')).match(pem) ?? [];
  } catch (error) {
    // Node ignores unreadable files, too. If that makes a certificate untrusted, there's a separate error.
    log.warn(`Couldn't read the file that NODE_EXTRA_CA_CERTS names: ${String(error)}`);
    return [];
  }
}
