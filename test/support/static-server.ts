import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Record<string, string> = {
  ...{
    '.html': 'text/html',
    '.css': 'text/css',
    '.js': 'text/javascript',
    '.svg': 'image/svg+xml',
  },
};

/** Serves a folder under a path, as a host of static pages does. */
export async function serve(folder: string, below: string) {
  const server = createServer(({ url = '' }, response) => {
    const path = normalize(decodeURIComponent(url.split(/[?#]/)[0]!));
    if (!path.startsWith(below)) return response.writeHead(404).end();
    const file = join(folder, path.slice(below.length) || 'index.html');
    try {
      const body = readFileSync(file);
      return response
        .writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'text/plain' })
        .end(body);
    } catch {
      return response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}${below}`, close: () => server.close() };
}
