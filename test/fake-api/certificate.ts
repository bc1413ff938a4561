import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** PEM texts: a private certificate authority, and a server certificate signed by it. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const DAY = 24 * 3_600_000;

/**
 * Creates a private authority and a certificate for 127.0.0.1 and localhost. The certificate expires in `days`,
 * which is negative if it has already expired. This module encodes DER itself, because Node can only read certificates.
 */
export function makeCertificates({ days = 30 }: { days?: number } = {}): Certificates {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = name('Stand-in Private CA');
  const until = new Date(Date.now() + days * DAY);
  const sign = (subject: Buffer, key: KeyObject, extensions: Buffer[]): string =>
    certificate({ issuer, subject, key, extensions, until, signer: authority.privateKey });
  return {
    // Basic constraints (critical): this certificate can sign others.
    ca: sign(issuer, authority.publicKey, [extension('551d13', sequence(tag(0x01, hex('ff'))), true)]),
    // Subject alternative names: an IP address and a host name.
    cert: sign(name('127.0.0.1'), server.publicKey, [
      extension('551d11', sequence(tag(0x87, hex('7f000001')), tag(0x82, Buffer.from('localhost')))),
    ]),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function certificate(fields: {
  issuer: Buffer;
  subject: Buffer;
  key: KeyObject;
  extensions: Buffer[];
  until: Date;
  signer: KeyObject;
}): string {
  const algorithm = sequence(oid('2a8648ce3d040302')); // ecdsa-with-SHA256
  const content = sequence(
    tag(0xa0, integer(hex('02'))), // version 3
    integer(Buffer.concat([hex('01'), randomBytes(8)])),
    algorithm,
    fields.issuer,
    sequence(time(new Date(fields.until.getTime() - 365 * DAY)), time(fields.until)),
    fields.subject,
    fields.key.export({ type: 'spki', format: 'der' }),
    tag(0xa3, sequence(...fields.extensions)),
  );
  const signature = createSign('sha256').update(content).sign(fields.signer);
  const der = sequence(content, algorithm, tag(0x03, Buffer.concat([hex('00'), signature])));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function tag(type: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([type, ...size]), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tag(0x30, Buffer.concat(parts));
}

function integer(content: Buffer): Buffer {
  return tag(0x02, content);
}

function oid(content: string): Buffer {
  return tag(0x06, hex(content));
}

/** A distinguished name with only a common name. */
function name(commonName: string): Buffer {
  return sequence(tag(0x31, sequence(oid('550403'), tag(0x0c, Buffer.from(commonName)))));
}

/** In certificates, years until 2049 have two digits. */
function time(at: Date): Buffer {
  const digits = at.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14);
  return tag(0x17, Buffer.from(`${digits}Z`));
}

function extension(id: string, content: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [tag(0x01, hex('ff'))] : []), tag(0x04, content));
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}
