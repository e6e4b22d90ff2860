/** A login as `sasl.jaas.config` holds it: the class that logs in, and what it is told. */
export interface Jaas {
  /** Without its package: `PlainLoginModule`. */
  module: string;
  options: ReadonlyMap<string, string>;
}

/** Comments, quoted texts, words and signs, as Java's StreamTokenizer cuts them. */
const TOKENS =
  /\/\*[\s\S]*?\*\/|\/[^\n]*|"((?:\\.|[^"\\\r\n])*)"|'((?:\\.|[^'\\\r\n])*)'|[\w.$\u00a0-\u00ff-]+|\S/g;
const FLAGS = ['required', 'requisite', 'sufficient', 'optional'];

/** Undefined where it is none, or has several modules. */
export function parseJaas(text: string): Jaas | undefined {
  const tokens = [...text.matchAll(TOKENS)]
    .filter(([token]) => !token.startsWith('/'))
    .map(([token, double, single]) => {
      const quoted = double ?? single;
      if (quoted !== undefined) return { text: unescaped(quoted), isSign: false };
      return { text: token, isSign: !/^[\w.$\u00a0-\u00ff-]/.test(token) };
    });
  const [module, flag, ...rest] = tokens;
  const end = rest.pop();
  if (!module || module.isSign || !FLAGS.includes(flag?.text.toLowerCase() ?? '')) return undefined;
  if (end?.text !== ';' || !end.isSign || rest.length % 3 > 0) return undefined;
  const options = new Map<string, string>();
  for (let n = 0; n < rest.length; n += 3) {
    const [key, equals, value] = rest.slice(n, n + 3) as [Token, Token, Token];
    if (key.isSign || !(equals.isSign && equals.text === '=') || value.isSign) return undefined;
    options.set(key.text, value.text);
  }
  return { module: module.text.split('.').pop() as string, options };
}

interface Token {
  text: string;
  isSign: boolean;
}

const LETTERS: Record<string, string> = {
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
};

/** As in C: letters, up to three octal digits, and any other sign for itself. */
function unescaped(text: string): string {
  return text.replace(/\\([0-3][0-7]{0,2}|[4-7][0-7]?|.)/g, (_, sign: string) =>
    /^[0-7]/.test(sign) ? String.fromCharCode(Number.parseInt(sign, 8)) : (LETTERS[sign] ?? sign),
  );
}
