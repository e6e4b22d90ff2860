import { isAbsolute, relative } from 'node:path';
import { root } from './folders.mjs';
import { Problem } from './problem.mjs';

const AGAIN = 'npm run setup';

const NPM_SUM = /EINTEGRITY/;
const PYTHON_SUM = /Hash mismatch|DO NOT MATCH THE HASHES/i;

const DENIED =
  /EACCES|EPERM|EROFS|Permission denied|Read-only file system|Operation not permitted/i;

/** What programs and Node say when … In this order: a full disk also makes other things fail. */
const KNOWN = [
  {
    sign: /ENOSPC|No space left on device|EDQUOT|Disk quota exceeded|not enough space on the disk/i,
    what: 'The disk is full.',
    why: 'The lab needs about 1 GB for itself and the caches of npm and uv.',
    fix: `Make room, then run: ${AGAIN}`,
  },
  {
    sign: NPM_SUM,
    what: 'A package differs from the one that was published: its checksum was wrong twice.',
    why: 'A broken download or cache, or a proxy that changes what passes through it.',
    fix: `npm cache clean --force && ${AGAIN}`,
  },
  {
    sign: PYTHON_SUM,
    what: 'A Python package differs from the one that was published: its checksum was wrong twice.',
    why: 'A broken download or cache, or a proxy that changes what passes through it.',
    fix: `UV_NO_CACHE=1 PIP_NO_CACHE_DIR=1 ${AGAIN}`,
  },
  {
    sign: /CERT_|SELF_SIGNED|certificate verify failed|UnknownIssuer|invalid peer certificate/i,
    what: 'A registry could not be trusted: its certificate is signed by an authority that is unknown here.',
    why: 'On company networks this is usually a proxy with a certificate of its own.',
    fix: `NODE_EXTRA_CA_CERTS=/path/ca.pem SSL_CERT_FILE=/path/ca.pem ${AGAIN}`,
  },
  {
    sign: /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|NewConnectionError|ConnectionError|ConnectTimeout|ReadTimeout|ProxyError|error sending request|dns error|Network is unreachable|name resolution|Could not connect|Failed to fetch/i,
    what: 'A package registry could not be reached.',
    why: 'The first set-up needs the npm registry, PyPI and Maven Central; later starts need none of them.',
    fix: `Check the network (behind a proxy: set HTTPS_PROXY), then run: ${AGAIN}`,
  },
  {
    sign: DENIED,
    what: 'A file of the lab cannot be written.',
    why: 'The folder belongs to another user, or an earlier set-up ran as one.',
    fix: `sudo chown -R "$(id -un)" "${root}" && ${AGAIN}`,
  },
];

/**
 * The problem behind an error, named if it is a known one.
 * @param {unknown} error
 * @param {object} context
 * @param {string} context.doing what was being done, such as 'Installing the npm packages'
 * @param {string | undefined} [context.fix] if it is none that is known
 * @param {string} [context.output] of the program that failed
 * @returns {Problem}
 */
export function diagnose(error, { doing, fix = AGAIN, output = '' }) {
  if (error instanceof Problem) return error;
  const message = error instanceof Error ? error.message : String(error);
  const denied = deniedElsewhere(`${message}\n${output}`);
  if (denied)
    return new Problem(`${denied} cannot be written.`, { ...ELSEWHERE, output, cause: error });
  const known = KNOWN.find(({ sign }) => sign.test(`${message}\n${output}`));
  if (known) return new Problem(known.what, { ...known, output, cause: error });
  return new Problem(`${doing} failed.`, { why: message, fix, output, cause: error });
}

const ELSEWHERE = {
  why: 'It is outside of the folder of the lab: package managers keep their caches in your home folder.',
  fix: `npm_config_cache=/path/npm UV_CACHE_DIR=/path/uv PIP_CACHE_DIR=/path/pip ${AGAIN}`,
};

/**
 * @param {string} text what was said
 * @returns {string | undefined} the first path outside of the checkout that could not be written
 */
function deniedElsewhere(text) {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => DENIED.test(line));
  if (first < 0 || /ENOSPC|No space left/i.test(text)) return undefined;
  // Programs name the path in that line, or in one beside it.
  const near = lines.slice(Math.max(0, first - 3), first + 4).join('\n');
  const paths = [...near.matchAll(/['"`](\/[^'"`\n]+)['"`]|\bpath:? (\/\S+)/g)];
  const path = paths.map(([, quoted, bare]) => quoted ?? bare).find(Boolean);
  if (!path || !isAbsolute(path)) return undefined;
  const below = relative(root, path);
  return below.startsWith('..') ? path : undefined;
}

/** @param {unknown} error @returns {boolean} whether a program found that it was sent something else than was published */
export function isWrongSum(error) {
  return error instanceof Problem && (NPM_SUM.test(error.output) || PYTHON_SUM.test(error.output));
}
