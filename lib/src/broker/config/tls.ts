import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf } from '../../errors.js';
import { root } from '../../paths.js';
import { bad, type Environment } from './environment.js';

/** What kafkajs takes as `ssl`: the authorities that Node knows, or these alone, each a certificate in PEM. */
export type Tls = boolean | { ca: string[] };

/**
 * KAFKA_SSL and KAFKA_SSL_CA; a path there begins at the top of the checkout. Undefined: no TLS.
 * @throws LabError BAD_INPUT
 */
export function tlsFrom(env: Environment): Tls | undefined {
  const isOn = switchFrom(env['KAFKA_SSL']);
  const path = env['KAFKA_SSL_CA']?.trim();
  if (!path) return isOn || undefined;
  if (isOn !== false) return { ca: certificatesIn(resolve(root, path)) };
  throw bad('KAFKA_SSL turns TLS off, yet KAFKA_SSL_CA is set.', 'Remove one of the two.');
}

function switchFrom(text = ''): boolean | undefined {
  const value = text.trim().toLowerCase();
  if (value === '') return undefined;
  if (['true', '1', 'yes'].includes(value)) return true;
  if (['false', '0', 'no'].includes(value)) return false;
  throw bad('KAFKA_SSL is neither true nor false.', 'Set KAFKA_SSL=true, or remove it.');
}

/** Only the certificates: whatever else is in the file, such as a key, stays there. */
function certificatesIn(path: string): string[] {
  const fix = 'Set KAFKA_SSL_CA to the file with the certificate of your authority, in PEM format.';
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw bad(`KAFKA_SSL_CA names a file that cannot be read: ${messageOf(error)}.`, fix);
  }
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (found.length > 0 && found.every(isCertificate)) return found;
  throw bad(`KAFKA_SSL_CA names ${path}, which holds no certificate that can be read.`, fix);
}

function isCertificate(pem: string): boolean {
  try {
    return Boolean(new X509Certificate(pem));
  } catch {
    return false;
  }
}
