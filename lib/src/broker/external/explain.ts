import { LabError } from '../../errors.js';
import { addressSpelled } from '../config/address.js';
import { spelled } from '../config/environment.js';
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
  const variable = spelled(typeof ssl === 'object' ? 'KAFKA_SSL_CA' : 'KAFKA_SSL');
  if (kind === 'needs-tls')
    return {
      what: `Kafka at ${at} accepts connections with TLS only.`,
      why: 'Neither KAFKA_SSL nor KAFKA_SSL_CA is set.',
      fix: 'Set KAFKA_SSL=true; if the cluster has a certificate authority of its own, set KAFKA_SSL_CA to its certificate.',
    };
  if (kind === 'has-no-tls')
    return {
      what: `Kafka at ${at} does not accept TLS on this port.`,
      why: `${variable} asks for TLS.`,
      fix: `Remove ${variable}, or name the port for TLS in ${addressSpelled()}.`,
    };
  if (kind === 'needs-client-certificate')
    return {
      what: `Kafka at ${at} asks for a client certificate.`,
      why: 'The lab has none: it can log in with a password.',
      fix: `Name a listener with SASL in ${addressSpelled()}.`,
    };
  return { what: `The certificate of Kafka at ${at} is not trusted.`, ...certificateText(detail) };
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
    fix: `Set ${spelled('KAFKA_SSL_CA')} to the certificate of the authority that signed it, a PEM file.`,
  };
}
