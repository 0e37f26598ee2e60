import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { assertAccessible } from './console/axe.js';
import { buy, figure, logIntoConsole } from './console/operator.js';
import { desktop, phone, Stage } from './harness/stage.js';
import { until } from './harness/until.js';

const screenshots = process.env['BOXOFFICE_SCREENSHOTS']; // a folder, for whoever wants to look

describe('The console, for everybody', () => {
  /** @type {Stage} */
  let stage;
  before(async () => { stage = await Stage.open(); });
  after(() => stage?.close());
  afterEach(() => stage.endVisits());

  /** @type {{colorScheme: 'light' | 'dark', size: string, locale: string}[]} */
  const looks = [
    { colorScheme: 'light', size: 'desktop', locale: 'en-GB' },
    { colorScheme: 'dark', size: 'desktop', locale: 'ko-KR' },
    { colorScheme: 'light', size: 'phone', locale: 'ko-KR' },
    { colorScheme: 'dark', size: 'phone', locale: 'en-GB' },
  ];
  for (const { colorScheme, size, locale } of looks) {
    it(`is accessible and fits: ${size}, ${colorScheme}, ${locale}`, async () => {
      const look = { colorScheme, locale, viewport: size === 'phone' ? phone : desktop };
      const { id } = await stage.event({ name: 'An evening with a rather long name for a small screen', capacity: 60, maxPerMember: 1, holdSeconds: 300 });
      const name = `${size}-${colorScheme}`;

      const door = await stage.visit({ at: 'admin', ...look });
      await door.getByRole('heading', { level: 1 }).waitFor();
      await inspect(door, `login-${name}`);

      const page = await logIntoConsole(stage, { at: `#/events/${id}`, ...look });
      await buy(stage, id, 25);
      await until('it is live', async () => await page.locator('.view > .figures dd').nth(1).textContent() === '25');
      await page.getByText(/\d (ms|ms on average|ms 중)|\d+ms/).first().waitFor();
      await inspect(page, `event-${name}`);

      await page.locator('.actions button').nth(1).click(); // pause
      await page.getByRole('dialog').waitFor();
      await inspect(page, `pause-${name}`);
      await page.keyboard.press('Escape');
      await page.locator('.actions button').first().click(); // change
      await page.getByRole('dialog').waitFor();
      await inspect(page, `change-${name}`);
      await page.keyboard.press('Escape');

      await page.goto('/admin#/');
      await page.getByRole('listitem').first().waitFor();
      await inspect(page, `events-${name}`);
      await page.goto('/admin#/open');
      await page.locator('form button.primary').click();
      await page.locator('[aria-invalid]').first().waitFor();
      await inspect(page, `open-${name}`);
    });
  }

  it('does not speak when only numbers move', async () => {
    const { id } = await stage.event({ capacity: 50 });
    const page = await logIntoConsole(stage, { at: `#/events/${id}` });
    await until('it is live', async () => await figure(page, 'Available').textContent() === '50');
    await page.evaluate(() => {
      const spoken = /** @type {any} */ (globalThis).spoken = /** @type {string[]} */ ([]);
      for (const region of document.querySelectorAll('[role="status"], [role="alert"], [aria-live]')) {
        new MutationObserver(() => spoken.push(region.textContent ?? '')).observe(region, { childList: true, characterData: true, subtree: true });
      }
    });

    for (let i = 1; i <= 4; i++) {
      await buy(stage, id, 5);
      await until(`${i * 5} are sold`, async () => await figure(page, 'Sold').textContent() === String(i * 5));
    }

    assert.deepEqual(await page.evaluate(() => /** @type {any} */ (globalThis).spoken), []);
  });

  /**
   * @param {import('playwright-core').Page} page
   * @param {string} name
   */
  async function inspect(page, name) {
    if (screenshots) await page.screenshot({ path: join(screenshots, `console-${name}.png`), fullPage: true });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${name} is ${overflow} px too wide`);
    await assertAccessible(page, name);
  }
});
