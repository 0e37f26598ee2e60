import { readFile } from 'node:fs/promises';

/** The pages, as they are served. */
export const pages = new URL('../../../src/Api/Pages/', import.meta.url);

/**
 * A module of the pages and all that it imports, by their paths in assets.
 * @param {string} first
 * @param {Set<string>} [known]
 */
export async function modulesFrom(first, known = new Set()) {
  if (known.has(first)) return [...known];
  known.add(first);
  const base = new URL('assets/', pages);
  const text = await readFile(new URL(first, base), 'utf8');
  for (const [, path] of text.matchAll(/^import [^;]*? from '([^']+)';$/gm)) {
    await modulesFrom(new URL(path ?? '', new URL(first, base)).pathname.slice(base.pathname.length), known);
  }
  return [...known];
}
