// Runs before the page is shown: whoever chose light or dark sees nothing else first.
const KEY = 'kafka-lab-theme';

function chosen(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // From a disk, some browsers keep nothing.
  }
}

const root = document.documentElement;
root.dataset['theme'] = chosen() ?? '';

document.addEventListener('DOMContentLoaded', () => {
  const button = document.getElementById('theme') as HTMLButtonElement;
  button.hidden = false;
  button.addEventListener('click', () => {
    const { matches } = matchMedia('(prefers-color-scheme: dark)');
    const now = root.dataset['theme'] || (matches ? 'dark' : 'light');
    root.dataset['theme'] = now === 'dark' ? 'light' : 'dark';
    try {
      localStorage.setItem(KEY, root.dataset['theme']);
    } catch {
      // It holds for this page.
    }
  });
});
