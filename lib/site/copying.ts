/** How long a button says that it has copied, in ms. */
const SAYS_SO = 2000;

/** A button for each piece of code. */
export function copyButtons(): void {
  for (const box of document.querySelectorAll('.source')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      await copy(box.querySelector('code')?.textContent ?? '');
      button.textContent = 'Copied';
      setTimeout(() => (button.textContent = 'Copy'), SAYS_SO);
    });
    box.append(button);
  }
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // From a disk or without TLS, some browsers have no clipboard; all let a person copy what is selected.
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}
