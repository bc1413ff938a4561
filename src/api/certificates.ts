import { readFile } from 'node:fs/promises';
import tls from 'node:tls';
import { type NetworkSettings, variable } from './route.ts';

/**
 * Whom we trust beyond Node's own list: the operating system's certificates (`http.systemCertificates`) and those in
 * the file that NODE_EXTRA_CA_CERTS names, which Node itself may have been told too late to read.
 * undefined: Node's own list is all there is. Made once for all connections, since it takes some 20 ms.
 */
export async function trust(
  settings: NetworkSettings,
  log: { warn(message: string): void },
): Promise<tls.SecureContext | undefined> {
  const extra = await extraCertificates(variable(settings.environment, 'NODE_EXTRA_CA_CERTS'), log);
  const system = settings.systemCertificates ? systemCertificates(log) : [];
  if (extra.length === 0 && system.length === 0) return undefined;
  return tls.createSecureContext({ ca: [...new Set([...certificates('default'), ...system, ...extra])] });
}

/** Node 22.15 and later can tell; before that there is its built-in list. */
const certificates = (type: 'default' | 'system'): readonly string[] => {
  if (typeof tls.getCACertificates === 'function') return tls.getCACertificates(type);
  return type === 'default' ? tls.rootCertificates : [];
};

function systemCertificates(log: { warn(message: string): void }): readonly string[] {
  try {
    return certificates('system');
  } catch (error) {
    log.warn(`The system's certificates could not be read: ${String(error)}`);
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
    // Node goes on too when it cannot read the file; a certificate that is then not trusted says so by itself.
    log.warn(`The file of NODE_EXTRA_CA_CERTS could not be read: ${String(error)}`);
    return [];
  }
}
