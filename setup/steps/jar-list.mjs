/** @typedef {{ coordinate: string, file: string, bytes: number, sha256: string }} Jar */

const LINE = /^([\w.-]+):([\w.-]+):([\w.-]+) (\d+) ([0-9a-f]{64})$/;

/**
 * @param {string} text lines of: group:artifact:version bytes sha256; lines that begin with # say nothing
 * @returns {Jar[]} sorted by file name, the order of the class path
 * @throws {Error} on any other line, and on two jars of one name
 */
export function parseJarList(text) {
  const lines = text.split(/\r?\n/).filter((line) => line && !line.startsWith('#'));
  const jars = lines.map(parseLine).sort((a, b) => (a.file < b.file ? -1 : 1));
  const twice = jars.find(({ file }, i) => jars[i + 1]?.file === file);
  if (twice) throw new Error(`The jar list names ${twice.file} twice.`);
  return jars;
}

/** @param {string} line @returns {Jar} */
function parseLine(line) {
  const [, group, artifact, version, bytes, sha256] = LINE.exec(line) ?? [];
  if (!sha256) throw new Error(`The jar list has a line that is none: ${line}`);
  const coordinate = `${group}:${artifact}:${version}`;
  return { coordinate, file: `${artifact}-${version}.jar`, bytes: Number(bytes), sha256 };
}

/**
 * @param {Jar[]} jars
 * @returns {string} Kafka's version
 */
export function kafkaVersion(jars) {
  const name = 'org.apache.kafka:kafka-clients:';
  const jar = jars.find(({ coordinate }) => coordinate.startsWith(name));
  if (!jar) throw new Error('The jar list lacks kafka-clients.');
  return jar.coordinate.slice(name.length);
}
