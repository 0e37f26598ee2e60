import assert from 'node:assert/strict';
import axe from 'axe-core';
import { desktop, phone } from './fixture.js';

const shapes = /** @type {const} */ ([
  ['light', 'desktop', desktop], ['dark', 'desktop', desktop], ['light', 'phone', phone], ['dark', 'phone', phone],
]);

/**
 * Checks that axe-core finds no violation on the current page: in light and dark, on a desktop and on a narrow phone.
 * Takes pictures when BOXOFFICE_PICTURES names a folder.
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
export async function assertAccessible(page, name) {
  await page.evaluate(axe.source);
  for (const [colorScheme, device, viewport] of shapes) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await picture(page, `${name}-${device}-${colorScheme}`);
    const found = await page.evaluate(() => Reflect.get(window, 'axe').run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
    }));
    const violations = found.violations.map((/** @type {import('axe-core').Result} */ violation) =>
      `${violation.id}: ${violation.nodes.map((node) => `${node.target} ${node.failureSummary}`).join('; ')}`);
    assert.deepEqual(violations, [], `${name}, ${colorScheme}, ${device}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${name}, ${device}: ${overflow} px too wide`);
  }
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
async function picture(page, name) {
  const folder = process.env['BOXOFFICE_PICTURES'];
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
