import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { inspect } from 'node:util';
import { bad } from './environment.js';
import { pemBlocks, pemText } from './pem.js';
import type { Settings } from './sources.js';

/** Certificates, the client's own first, and the key of that one, which is encrypted no more: PEM. */
interface Pair {
  cert: string;
  key: string;
}

/**
 * A client that shows a certificate, as kafkajs takes it in `ssl`. Node's context holds the key, so that nobody sees it who
 * prints, inspects or copies this, or makes it JSON.
 */
export class Identity {
  readonly ca?: string[];
  readonly secureContext: SecureContext;
  readonly #pair: Pair;

  constructor(pair: Pair, ca: string[] | undefined) {
    if (ca) this.ca = ca;
    this.#pair = pair;
    this.secureContext = createSecureContext({ ...pair, ca });
  }

  get cert(): string {
    return this.#pair.cert;
  }

  get key(): string {
    return this.#pair.key;
  }

  [inspect.custom](): object {
    return { ...(this.ca && { ca: this.ca }), cert: this.cert, key: '***' };
  }
}

const CERT = 'KAFKA_SSL_CERT';
const KEY = 'KAFKA_SSL_KEY';
const PASSWORD = 'KAFKA_SSL_KEY_PASSWORD';

/**
 * Reads the client's certificate and key. Both may be in one file; then KAFKA_SSL_CERT alone names it.
 * @throws LabError BAD_INPUT if they are missing, do not belong together, or are good no more
 */
export function readIdentity(settings: Settings): Pair {
  const { value, source } = settings;
  if (!value(CERT))
    throw bad(
      `${source(KEY)} is set, and ${CERT} is not.`,
      `Set ${CERT} to the file with the certificate of that key, in PEM format.`,
    );
  const { chain, leaf } = readChain(settings);
  const key = readKey(settings, value(KEY) ? KEY : CERT);
  if (!leaf.checkPrivateKey(key))
    throw bad(
      `The key in ${source(value(KEY) ? KEY : CERT)} does not belong to the certificate in ${source(CERT)}.`,
      'Take both from the same place.',
    );
  return { cert: chain.join(''), key: key.export({ type: 'pkcs8', format: 'pem' }) as string };
}

function readChain(settings: Settings): { chain: string[]; leaf: X509Certificate } {
  const name = settings.source(CERT);
  const fix = `Set ${name} to the file with your client certificate, in PEM format.`;
  const { text, where } = pemText(settings, CERT, fix);
  const found = pemBlocks(text).filter(({ label }) => label === 'CERTIFICATE');
  const chain = found.map((block) => block.text);
  let leaf: X509Certificate;
  try {
    leaf = new X509Certificate(chain[0] ?? '');
  } catch {
    throw bad(`${name} ${where}, which holds no certificate that can be read.`, fix);
  }
  const [from, to] = [new Date(leaf.validFrom), new Date(leaf.validTo)];
  const now = new Date();
  if (now > to)
    throw bad(
      `The client certificate in ${name} has expired, on ${leaf.validTo}.`,
      'Ask for a new one from whoever gave it to you.',
    );
  if (now < from)
    throw bad(
      `The client certificate in ${name} is not valid before ${leaf.validFrom}.`,
      'Set the clock of this machine, or wait.',
    );
  return { chain, leaf };
}

function readKey(settings: Settings, variable: string): KeyObject {
  const name = settings.source(variable);
  const fix =
    variable === KEY
      ? `Set ${name} to the file with the key of your client certificate, in PEM format.`
      : `Set ${KEY} to the file with its key, in PEM format.`;
  const { text, where } = pemText(settings, variable, fix);
  const found = pemBlocks(text).find(({ label }) => label.endsWith('PRIVATE KEY'));
  if (!found) throw bad(`${name} ${where}, which holds no private key.`, fix);
  const passphrase = settings.value(PASSWORD);
  try {
    return createPrivateKey({ key: found.text, ...(passphrase && { passphrase }) });
  } catch (error) {
    throw unreadableKey(settings, name, error as NodeJS.ErrnoException);
  }
}

/** OpenSSL's own words are not repeated: they are for those who know it. */
function unreadableKey(
  { value, source }: Settings,
  name: string,
  { code = '' }: NodeJS.ErrnoException,
) {
  const password = source(PASSWORD);
  if (code === 'ERR_MISSING_PASSPHRASE' || !value(PASSWORD))
    return bad(
      `The key in ${name} cannot be read: it has a passphrase, or is damaged.`,
      `Set ${password} to its passphrase.`,
    );
  return bad(
    `The key in ${name} cannot be read with the passphrase in ${password}.`,
    `Correct ${password}.`,
  );
}
