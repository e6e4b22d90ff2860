import type { Mechanism } from '../config/login.js';
import type { Tls } from '../config/tls.js';
import { DialError, NoKafka } from '../wire/ask.js';
import { type Dialled, dial } from '../wire/dial.js';
import { CORRELATION, request, text } from '../wire/requests.js';
import type { Ranges } from './versions.js';

const SASL_HANDSHAKE = 17;
const API_VERSIONS = 18;
const UNSUPPORTED_VERSION = 35;
const ILLEGAL_SASL_STATE = 34;

/** What a listener of Kafka says before a client has logged in. */
export interface Listener {
  ranges: Ranges;
  /** The mechanisms by which it takes passwords: none where it asks for none, undefined where it does not tell. */
  mechanisms: string[] | undefined;
}

/** Why an address is no use. `detail` is a code or a few bytes, never a secret. */
export interface Fault {
  kind:
    | 'unknown-host'
    | 'refused'
    | 'silent'
    | 'not-kafka'
    | 'needs-tls'
    | 'has-no-tls'
    | 'certificate'
    | 'needs-client-certificate'
    | 'versions';
  detail: string;
}

export class ProbeError extends Error {
  constructor(readonly fault: Fault) {
    super(fault.kind);
  }
}

/**
 * Looks what answers at an address: no secret is sent, nothing is changed.
 * @param limit of it all, in ms: half of it for a step
 * @throws ProbeError
 */
export async function probe(
  address: string,
  ssl: Tls | undefined,
  mechanism: Mechanism = 'plain',
  limit = 5000,
): Promise<Listener> {
  try {
    return await interview(await dial(address, ssl, limit / 2), mechanism);
  } catch (error) {
    const fault = faultOf(error);
    if (!isOddTalk(fault)) throw new ProbeError(fault);
    // Something listens and does not understand us. Does it the other way round?
    const other = await answers(address, ssl ? undefined : true, limit / 5);
    throw new ProbeError(other ? { ...fault, kind: ssl ? 'has-no-tls' : 'needs-tls' } : fault);
  }
}

async function answers(address: string, ssl: Tls | undefined, limit: number): Promise<boolean> {
  try {
    return (await interview(await dial(address, ssl, limit, true), 'plain')) !== undefined;
  } catch (error) {
    return error instanceof ProbeError;
  }
}

async function interview(line: Dialled, mechanism: Mechanism): Promise<Listener> {
  try {
    const ranges = parseRanges(await line.ask(request(API_VERSIONS, 0)));
    if (!ranges.has(SASL_HANDSHAKE)) return { ranges, mechanisms: [] };
    const hello = request(SASL_HANDSHAKE, 1, text(mechanism.toUpperCase()));
    const answer = await line.ask(hello).catch(() => undefined);
    return { ranges, mechanisms: answer && parseMechanisms(answer) };
  } finally {
    line.hangUp();
  }
}

/** size, correlation id, error code, array of [key, min, max] */
function parseRanges(frame: Buffer): Ranges {
  if (frame.length < 10 || frame.readInt32BE(4) !== CORRELATION) throw new NoKafka(frame);
  const error = frame.readInt16BE(8);
  if (error === UNSUPPORTED_VERSION)
    throw new ProbeError({ kind: 'versions', detail: 'ApiVersions' });
  if (error !== 0 || frame.length < 14) throw new NoKafka(frame);
  const count = frame.readInt32BE(10);
  if (count < 1 || frame.length < 14 + 6 * count) throw new NoKafka(frame);
  const at = (n: number) => frame.readInt16BE(14 + 2 * n);
  return new Map(
    Array.from({ length: count }, (_, n) => [at(3 * n), [at(3 * n + 1), at(3 * n + 2)]]),
  );
}

/** size, correlation id, error code, array of strings */
function parseMechanisms(frame: Buffer): string[] {
  if (frame.length < 14 || frame.readInt16BE(8) === ILLEGAL_SASL_STATE) return [];
  let at = 14;
  const names: string[] = [];
  for (let n = frame.readInt32BE(10); n > 0 && at + 2 <= frame.length; n--) {
    const size = frame.readInt16BE(at);
    names.push(frame.toString('latin1', at + 2, at + 2 + size));
    at += 2 + size;
  }
  return names;
}

/** What a broker ends a connection with that finds no certificate of ours, or none that it trusts. */
const ASKS_FOR_OURS =
  /certificate_required|handshake_failure|alert_(bad_certificate|unknown_ca|certificate_(unknown|expired|revoked))/i;

function isOddTalk({ kind }: Fault): boolean {
  return kind === 'not-kafka' || kind === 'has-no-tls';
}

function faultOf(error: unknown): Fault {
  if (error instanceof ProbeError) return error.fault;
  if (error instanceof NoKafka) return { kind: 'not-kafka', detail: printable(error.bytes) };
  if (!(error instanceof DialError)) throw error;
  const { stage, code: detail } = error;
  if (stage === 'certificate') return { kind: 'certificate', detail };
  if (ASKS_FOR_OURS.test(detail)) return { kind: 'needs-client-certificate', detail };
  if (stage === 'tls' || stage === 'talk') return { kind: 'not-kafka', detail };
  if (['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA'].includes(detail))
    return { kind: 'unknown-host', detail };
  return { kind: detail === 'SILENT' ? 'silent' : 'refused', detail };
}

/** The beginning of what another kind of server says, such as "HTTP/1.1 400 Bad Request". */
function printable(bytes: Buffer): string {
  const line = bytes.toString('latin1').split(/[\r\n]/)[0] ?? '';
  return /^[\x20-\x7e]{4,}/.test(line) ? `"${line.slice(0, 40)}"` : 'bytes';
}
