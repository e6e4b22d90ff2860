import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Why no certificate can be made here; undefined if it can. */
export function noCertificates(): string | undefined {
  try {
    const version = execFileSync('openssl', ['version'], { encoding: 'utf8' });
    return /^OpenSSL [3-9]/.test(version) ? undefined : `needs OpenSSL 3, found ${version.trim()}`;
  } catch {
    return 'there is no openssl here';
  }
}

export interface Certificates {
  /** The authority that signed the broker's certificate: a PEM file. */
  ca: string;
  /** Another authority, which did not. */
  otherCa: string;
  /** Key and certificate for 127.0.0.1 alone, as Kafka wants them in one file. */
  keystore: string;
  /** Of clients, each with its key in one file: by the authority, by the other one, and one that has expired. */
  client: string;
  otherClient: string;
  expiredClient: string;
}

/** Makes certificates in a folder; they are good for a day. */
export function makeCertificates(folder: string): Certificates {
  const at = (name: string) => join(folder, name);
  const make = (name: string, ...more: string[]) => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)];
    const args = ['req', '-x509', ...key, ...files, '-days', '1', '-subj', `/CN=${name}`, ...more];
    execFileSync('openssl', args, { stdio: 'pipe' });
  };
  make('ca');
  make('other-ca');
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1'];
  const leaf = ['-addext', 'basicConstraints=critical,CA:FALSE'];
  const signed = (by: string) => ['-CA', at(`${by}.pem`), '-CAkey', at(`${by}.key`)];
  const inOne = (name: string) => {
    const files = [at(`${name}.key`), at(`${name}.pem`)];
    writeFileSync(at(`${name}-both.pem`), files.map((file) => readFileSync(file)).join(''));
    return at(`${name}-both.pem`);
  };
  make('broker', ...signed('ca'), ...names, ...leaf);
  make('ann', ...signed('ca'), ...leaf);
  make('eve', ...signed('other-ca'), ...leaf);
  make('old', ...leaf); // then signed by the authority, until yesterday
  const old = ['x509', '-in', at('old.pem'), ...signed('ca'), '-days', '-1', '-out', at('old.pem')];
  execFileSync('openssl', old, { stdio: 'pipe' });
  const clients = {
    client: inOne('ann'),
    otherClient: inOne('eve'),
    expiredClient: inOne('old'),
  };
  return { ca: at('ca.pem'), otherCa: at('other-ca.pem'), keystore: inOne('broker'), ...clients };
}
