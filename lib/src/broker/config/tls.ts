import { X509Certificate } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import { Identity, readIdentity } from './client-certificate.js';
import { bad } from './environment.js';
import { pemBlocks, pemText } from './pem.js';
import type { Settings } from './sources.js';

/** What kafkajs takes as `ssl`: the authorities that Node knows, or these alone, each a certificate in PEM. */
export type Tls = boolean | TlsSettings;

export interface TlsSettings {
  ca?: string[];
  /** With a client certificate: all of it, and whoever prints it sees no key. See Identity. */
  secureContext?: SecureContext;
  /** The client's certificates, its own first, and its key: PEM. */
  cert?: string;
  key?: string;
}

/**
 * KAFKA_SSL, KAFKA_SSL_CA, and the client's own KAFKA_SSL_CERT, KAFKA_SSL_KEY and KAFKA_SSL_KEY_PASSWORD. Certificates and keys are
 * files, whose paths begin at the top of the checkout, or PEM themselves. Undefined: no TLS.
 * @throws LabError BAD_INPUT
 */
export function tlsFrom(settings: Settings): Tls | undefined {
  const isOn = switchFrom(settings);
  const own = ['KAFKA_SSL_CERT', 'KAFKA_SSL_KEY'].find(settings.value);
  const more = settings.value('KAFKA_SSL_CA') ? 'KAFKA_SSL_CA' : own;
  if (!more) return isOn || undefined;
  if (isOn === false)
    throw bad(
      `${settings.source('KAFKA_SSL')} turns TLS off, yet ${settings.source(more)} is set.`,
      'Remove one of the two.',
    );
  const ca = more === 'KAFKA_SSL_CA' ? certificatesOf(settings) : undefined;
  if (own) return new Identity(readIdentity(settings), ca);
  return ca && { ca };
}

/** A copy that JSON keeps whole. */
export function withKey({ ca, cert, key }: TlsSettings): TlsSettings {
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function switchFrom({ value, source }: Settings): boolean | undefined {
  const text = (value('KAFKA_SSL') ?? '').trim().toLowerCase();
  if (text === '') return undefined;
  if (['true', '1', 'yes'].includes(text)) return true;
  if (['false', '0', 'no'].includes(text)) return false;
  throw bad(
    `${source('KAFKA_SSL')} is neither true nor false.`,
    'Set KAFKA_SSL=true, or remove it.',
  );
}

/** Only the certificates: whatever else is in the file, such as a key, stays there. */
function certificatesOf(settings: Settings): string[] {
  const name = settings.source('KAFKA_SSL_CA');
  const fix = `Set ${name} to the file with the certificate of your authority, in PEM format.`;
  const { text, where } = pemText(settings, 'KAFKA_SSL_CA', fix);
  const found = pemBlocks(text).filter(({ label }) => label === 'CERTIFICATE');
  const certificates = found.map((block) => block.text);
  if (certificates.length > 0 && certificates.every(isCertificate)) return certificates;
  throw bad(`${name} ${where}, which holds no certificate that can be read.`, fix);
}

function isCertificate(pem: string): boolean {
  try {
    return Boolean(new X509Certificate(pem));
  } catch {
    return false;
  }
}
