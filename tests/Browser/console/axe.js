import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Nothing that axe can find is against WCAG 2.2 AA, nor against good practice.
 * @param {import('playwright-core').Page} page
 * @param {string} what  is looked at
 */
export async function assertAccessible(page, what) {
  await page.evaluate(source);
  const violations = await page.evaluate(async (values) => {
    // @ts-expect-error: axe is what the line above brought
    const found = await globalThis.axe.run(document, { runOnly: { type: 'tag', values } });
    return found.violations.map((/** @type {any} */ { id, nodes }) =>
      `${id}: ${nodes.map((/** @type {any} */ node) => `${node.target} ${node.any[0]?.message ?? ''}`).join('; ')}`);
  }, rules);
  assert.deepEqual(violations, [], what);
}
