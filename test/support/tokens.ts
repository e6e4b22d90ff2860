import { generateKeyPairSync, sign } from 'node:crypto';

/** Somebody who gives out tokens. */
export interface Issuer {
  /** Its public key, as a JSON Web Key Set. */
  keys: string;
  /** A token for a user, signed, that is good for so many seconds from now; less than none: it has expired. */
  token(user: string, seconds: number, audience?: string): string;
}

export function makeIssuer(): Issuer {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = 'test';
  const key = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
  return {
    keys: JSON.stringify({ keys: [key] }),
    token: (sub, seconds, aud = 'kafka') => {
      const now = Math.floor(Date.now() / 1000);
      const claims = { sub, aud, iss: 'test', iat: now - 7200, exp: now + seconds };
      const parts = [{ alg: 'RS256', kid, typ: 'JWT' }, claims];
      const head = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
      const signature = sign('sha256', Buffer.from(head.join('.')), privateKey);
      return [...head, signature.toString('base64url')].join('.');
    },
  };
}
