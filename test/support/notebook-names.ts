import { codeCells, type Notebook, textOf } from './notebook.ts';

/**
 * Names that one cell takes from another: whoever goes back and runs a cell again would get the value of the wrong one, since a
 * later cell declares the name, too.
 */
export function nameFaults(notebook: Notebook): string[] {
  const cells = codeCells(notebook).map((cell) => ({
    ...{ id: cell.id, text: textOf(cell) },
    names: declaredBy(textOf(cell)),
  }));
  const all = cells.flatMap(({ names }) => names);
  const twice = new Set(all.filter((name, i) => all.indexOf(name) < i));
  return [...twice].flatMap((name) =>
    cells
      .filter(({ text, names }) => !names.includes(name) && uses(text, name))
      .map(({ id }) => `${id} uses ${name}, which two cells declare`),
  );
}

/** The names that a cell declares for later ones, once each: at the beginning of a line, since code in blocks is indented. */
function declaredBy(text: string): string[] {
  const declarations = text.matchAll(
    /^(?:const|let|class|(?:async )?function) (?:\{([^}]*)\}|\[([^\]]*)\]|(\w+))/gm,
  );
  const names = [...declarations].flatMap(([, fields, items, name]) =>
    name ? [name] : `${fields ?? items}`.split(',').map((part) => part.replace(/^.*:|=.*$/g, '')),
  );
  return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))];
}

/** A property or a key of that name is another one. */
function uses(text: string, name: string): boolean {
  return new RegExp(`(?<![.\\w])${name}\\b(?!\\s*:)`).test(text.replace(/'(?:\\.|[^'])*'/g, "''"));
}
