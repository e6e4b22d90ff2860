import { spawn } from 'node:child_process';

/** Asks the system to open `url`. @returns false if there is no browser, or no screen to show one */
export function openBrowser(url: string): Promise<boolean> {
  const [command, ...args] = opener();
  if (!command) return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => resolve(true));
    child.unref();
  });
}

function opener(): string[] {
  const { BROWSER, DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  if (BROWSER && !BROWSER.includes(' ')) return [BROWSER];
  return DISPLAY || WAYLAND_DISPLAY ? ['xdg-open'] : [];
}
