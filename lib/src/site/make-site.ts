import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Notebook } from '../slides/notebook.js';
import { addAssets } from './bundling.js';
import { cellHtml } from './cells/cells.js';
import { executedNotebook, partsOf } from './course.js';
import { contentsPage } from './frame/contents-page.js';
import { notebookPage } from './frame/notebook-page.js';
import type { Entry, Part } from './frame/parts.js';
import { type Found, searchable, searchScript } from './frame/search.js';
import { placesOf } from './places.js';
import { type Files, publish } from './publishing.js';
import { Headings } from './text/headings.js';
import { markdown } from './text/markdown.js';
import { thumbnail } from './thumbnails.js';

export interface SiteOptions {
  names: readonly string[];
  /** Has the executed notebooks, and their drawings. */
  executed: string;
  /** Gets index.html, a page for each notebook, and what they need; what an earlier site left there goes. */
  output: string;
  /** The address of the project, for those who want to run it. */
  repository: string | undefined;
}

/**
 * Makes pages of executed notebooks. They need nothing but each other.
 * @returns the path of the contents
 * @throws LabError BAD_INPUT if a notebook is missing
 */
export async function makeSite(options: SiteOptions): Promise<string> {
  const { names, executed, output } = options;
  const parts = partsOf(names, executed);
  const found: Found[] = [];
  const pictures = new Map<string, string>();
  const files: Files = new Map();
  for (const entry of parts.flatMap(({ entries }) => entries)) {
    const notebook = executedNotebook(executed, entry.name);
    const { html, body } = await pageOf(notebook, entry, parts, options);
    files.set(`${entry.name}.html`, html);
    found.push(...searchable(entry.name, entry.title, body));
    const picture = thumbnail(notebook, entry.name, files);
    if (picture) pictures.set(entry.name, picture);
  }
  const { prose } = await markdown(new Headings(), placesOf({ ...options, folder: executed }));
  files.set('index.html', contentsPage(parts, { pictures, prose }));
  addDrawings(files, join(executed, 'drawings'));
  await addAssets(files);
  files.set('assets/search.js', searchScript(found));
  publish(files, output);
  return join(output, 'index.html');
}

function addDrawings(files: Files, folder: string): void {
  for (const file of existsSync(folder) ? readdirSync(folder) : [])
    files.set(`drawings/${file}`, readFileSync(join(folder, file)));
}

async function pageOf(
  notebook: Notebook,
  entry: Entry,
  parts: readonly Part[],
  { names, executed, repository }: SiteOptions,
) {
  const headings = new Headings();
  const text = await markdown(headings, placesOf({ names, folder: executed, repository }));
  const cells: string[] = [];
  for (const cell of notebook.cells) cells.push(await cellHtml(cell, text));
  const page = { entry, parts, cells, headings: headings.all, repository };
  return { html: notebookPage(page), body: cells.join('\n') };
}
