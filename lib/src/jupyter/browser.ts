import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { stateDir } from '../paths.js';
import { writePrivate } from '../private.js';

/** A page that leads to JupyterLab with its token; whoever can read it can use JupyterLab. */
const page = (): string => stateDir('jupyter', 'run', `open-${process.pid}.html`);

/**
 * Asks the system to open `address`, by way of a file that only its user can read: every user of the machine can see
 * what a browser was started with. The file stays until `forgetPage`, as nobody knows when a browser has read it.
 * @returns false if there is no browser, or no screen to show one
 */
export function openBrowser(address: string): Promise<boolean> {
  if (opener().length === 0) return Promise.resolve(false);
  writePrivate(page(), leadingTo(address));
  return openFile(page());
}

/** Asks the system to show a page. @returns false if there is no browser, or no screen to show one */
export function openFile(path: string): Promise<boolean> {
  const [command, ...args] = opener();
  if (!command) return Promise.resolve(false);
  const url = pathToFileURL(path).href;
  return new Promise((resolve) => {
    const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => resolve(true));
    child.unref();
  });
}

/** Once JupyterLab has ended, its token opens nothing. */
export function forgetPage(): void {
  rmSync(page(), { force: true });
}

const leadingTo = (address: string): string => `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${address}">
<title>JupyterLab</title>
<p>This page leads to <a href="${address}">JupyterLab</a>.</p>
`;

function opener(): string[] {
  const { BROWSER, DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  if (BROWSER && !BROWSER.includes(' ')) return [BROWSER];
  return DISPLAY || WAYLAND_DISPLAY ? ['xdg-open'] : [];
}
