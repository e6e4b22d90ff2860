import { LabError } from '../../errors.js';
import { addressSpelled } from '../config/address.js';
import { spelled } from '../config/environment.js';
import { clientFilePath, sourceOf } from '../config/sources.js';
import type { Tls } from '../config/tls.js';
import type { Fault } from './probe.js';

const OWN = 'or remove it to use the Kafka of the lab.';

/** Nothing at an address can be used. */
export function noAnswer(brokers: readonly string[], fault: Fault, ssl: Tls | undefined): LabError {
  const at = brokers.join(',');
  const text = {
    what: `No Kafka answers at ${at}${ssl ? ' (with TLS)' : ''}.`,
    ...faultText(fault, at, ssl),
  };
  return new LabError('BROKER_UNREACHABLE', text);
}

interface Text {
  what?: string;
  why: string;
  fix: string;
}

function faultText({ kind, detail }: Fault, at: string, ssl: Tls | undefined): Text {
  switch (kind) {
    case 'unknown-host':
      return {
        why: `No host of that name was found (${detail}).`,
        fix: `Check ${addressSpelled()} and whether a VPN is needed, ${OWN}`,
      };
    case 'refused':
      return {
        why: `Nothing accepts connections there (${detail}).`,
        fix: `Check ${addressSpelled()} and that Kafka runs, ${OWN}`,
      };
    case 'silent':
      return {
        why: 'No answer came in time: something in between, such as a firewall, may be dropping packets.',
        fix: `Check ${addressSpelled()} and whether a VPN is needed, ${OWN}`,
      };
    case 'not-kafka':
      return {
        why: `Something accepts connections there and does not answer as Kafka does (${detail}).`,
        fix: `Check the port in ${addressSpelled()}.`,
      };
    case 'versions':
      return {
        what: `Kafka at ${at} does not work with the lab's client.`,
        why: 'It does not answer the request that negotiates versions.',
        fix: `Name a Kafka from 2.4 on in ${addressSpelled()}.`,
      };
    default:
      return tlsText({ kind, detail }, at, ssl);
  }
}

function tlsText({ kind, detail }: Fault, at: string, ssl: Tls | undefined): Text {
  if (kind === 'needs-tls') return needsTls(at);
  if (kind === 'has-no-tls') return hasNoTls(at, ssl);
  if (kind === 'needs-client-certificate') return needsClientCertificate(at, ssl);
  return { what: `The certificate of Kafka at ${at} is not trusted.`, ...certificateText(detail) };
}

function needsTls(at: string): Text {
  const file = clientFilePath();
  return {
    what: `Kafka at ${at} accepts connections with TLS only.`,
    why: file
      ? `${sourceOf('KAFKA_SSL')} asks for none.`
      : 'Neither KAFKA_SSL nor KAFKA_SSL_CA is set.',
    fix: file
      ? `Set security.protocol=SSL in ${file}, or SASL_SSL with a password; if the cluster has a certificate authority of its own, ssl.truststore.location to its certificate.`
      : 'Set KAFKA_SSL=true; if the cluster has a certificate authority of its own, set KAFKA_SSL_CA to its certificate.',
  };
}

function hasNoTls(at: string, ssl: Tls | undefined): Text {
  const isInFile = sourceOf('KAFKA_SSL') !== spelled('KAFKA_SSL');
  const own = typeof ssl === 'object' ? (ssl.ca ? 'KAFKA_SSL_CA' : 'KAFKA_SSL_CERT') : 'KAFKA_SSL';
  const setting = sourceOf(isInFile ? 'KAFKA_SSL' : own);
  const mended = isInFile ? 'Set it to PLAINTEXT or SASL_PLAINTEXT' : `Remove ${setting}`;
  return {
    what: `Kafka at ${at} does not accept TLS on this port.`,
    why: `${setting} asks for TLS.`,
    fix: `${mended}, or name the port for TLS in ${addressSpelled()}.`,
  };
}

function needsClientCertificate(at: string, ssl: Tls | undefined): Text {
  const what = `Kafka at ${at} asks for a client certificate`;
  if (typeof ssl === 'object' && ssl.cert)
    return {
      what: `${what} that one of its authorities has signed.`,
      why: `It does not take that of ${sourceOf('KAFKA_SSL_CERT')}.`,
      fix: 'Ask whoever runs that Kafka for a certificate of yours.',
    };
  const file = clientFilePath();
  return {
    what: `${what}.`,
    why: 'None is set.',
    fix: file
      ? `Set ssl.keystore.type=PEM and ssl.keystore.location in ${file}, or name a listener with SASL in ${addressSpelled()}.`
      : `Set KAFKA_SSL_CERT and KAFKA_SSL_KEY to yours, PEM files, or name a listener with SASL in ${addressSpelled()}.`,
  };
}

function certificateText(code: string): Text {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return {
      why: `It was issued for another host (${code}).`,
      fix: `Use the name that is in the certificate in ${addressSpelled()}.`,
    };
  if (/EXPIRED|NOT_YET_VALID/.test(code))
    return {
      why: `It has expired, or is not valid yet (${code}).`,
      fix: 'Renew it, or set the clock of this machine.',
    };
  return {
    why: `It is not signed by an authority that the lab knows (${code}).`,
    fix: `Set ${sourceOf('KAFKA_SSL_CA')} to the certificate of the authority that signed it, a PEM file.`,
  };
}
