import { openBrowser } from './browser.js';
import { Caller } from './caller.js';
import { Guard } from './guard.js';
import { House } from './house.js';

/**
 * @typedef {object} Visit
 * @property {string} [as]      a member who is logged in already
 * @property {string | null} [at]  the address within the page, such as #/event/1; null: no page yet
 * @property {string} [locale]
 * @property {string} [timezoneId]
 * @property {'light' | 'dark'} [colorScheme]
 * @property {{width: number, height: number}} [viewport]
 * @property {number} [deviceScaleFactor]  pixels of the screen for one of the page
 * @property {number} [frontEnd]
 */

export const desktop = { width: 1280, height: 860 };
export const phone = { width: 320, height: 640 };

/** What the tests of one file work with: a house, a browser, an operator, and names that nobody else uses. */
export class Stage {
  #names = 0;
  /** @type {{context: import('playwright-core').BrowserContext, guard: Guard}[]} */
  #visits = [];

  /**
   * @param {House} house
   * @param {import('playwright-core').Browser} browser
   * @param {import('./caller.js').Caller} operator
   */
  constructor(house, browser, operator) {
    this.house = house;
    this.browser = browser;
    this.operator = operator;
  }

  /** @param {Promise<House>} [opening] */
  static async open(opening = House.embedded()) {
    const [house, browser] = await Promise.all([opening, openBrowser()]);
    return new Stage(house, browser, await house.operator());
  }

  async close() {
    await this.browser.close();
    await this.house.close();
  }

  /** @param {string} word */
  name(word) { return `${word}-${++this.#names}`; }

  /**
   * Opens an event.
   * @param {{name?: string, capacity?: number, maxPerMember?: number, holdSeconds?: number, opensAt?: string, closesAt?: string}} [terms]
   */
  event(terms = {}) {
    return this.operator.call('POST', '/admin/events', { id: this.name('night'), name: 'The long night', capacity: 20, ...terms });
  }

  /**
   * A member's token.
   * @param {string} id
   */
  async tokenOf(id) {
    const match = /^(.*?)(0|[1-9]\d*)$/.exec(id);
    if (!match) throw new Error(`${id} must end with a number`);
    const { tokens } = await this.operator.call('POST', '/admin/tokens', { prefix: match[1], first: Number(match[2]), count: 1 });
    return String(tokens[0]);
  }

  /**
   * A member who calls the API without a browser.
   * @param {string} id
   */
  async member(id) { return new Caller(this.house.url, await this.tokenOf(id)); }

  /**
   * Sells tickets of an event that holds first.
   * @param {string} eventId
   * @param {number} quantity
   */
  async sell(eventId, quantity) {
    const [member, { reservationId }] = await this.#reserveMany(eventId, quantity);
    await member.call('POST', `/ticket/reservations/${reservationId}/confirm`);
  }

  /**
   * @param {string} eventId
   * @param {number} quantity
   */
  async hold(eventId, quantity) { await this.#reserveMany(eventId, quantity); }

  /**
   * More than one member may have in this event: the limit is raised for a moment.
   * @param {string} eventId
   * @param {number} quantity
   * @returns {Promise<[Caller, any]>}
   */
  async #reserveMany(eventId, quantity) {
    const { maxPerMember } = await this.operator.numbersOf(eventId);
    const member = await this.member(`party${++this.#names}`);
    await this.operator.call('PATCH', `/admin/events/${eventId}`, { maxPerMember: quantity });
    const reservation = await member.call('POST', `/ticket/reserve/${eventId}`, { quantity });
    await this.operator.call('PATCH', `/admin/events/${eventId}`, { maxPerMember });
    return [member, reservation];
  }

  /**
   * Opens the buyer's page in a browser of its own.
   * @param {Visit} [visit]
   */
  async visit({ as, at = '', frontEnd = 0, ...like } = {}) {
    const url = this.house.urls[frontEnd] ?? this.house.url;
    const context = await this.browser.newContext({
      baseURL: url, locale: 'en-GB', timezoneId: 'Asia/Seoul', colorScheme: 'light', viewport: desktop, reducedMotion: 'reduce', ...like,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    this.#visits.push({ context, guard: new Guard(page, url) });
    if (as) await logInAt(page, as, await this.tokenOf(as));
    if (at !== null) await page.goto(`/${at}`);
    return page;
  }

  /** After each test: nothing happened on any page that must not, and all are closed. */
  async endVisits() {
    const visits = this.#visits.splice(0);
    await Promise.all(visits.map(({ context }) => context.close()));
    visits.forEach(({ guard }) => guard.assertQuiet());
  }
}

/**
 * As if somebody had logged in in this tab before. A token that the page changed or threw away since then stays so.
 * @param {import('playwright-core').Page} page
 * @param {string} id
 * @param {string} token
 */
async function logInAt(page, id, token) {
  await page.addInitScript(([who, what]) => {
    if (sessionStorage.getItem('test.logged-in')) return;
    sessionStorage.setItem('test.logged-in', 'once');
    sessionStorage.setItem('boxoffice.session', JSON.stringify({ id: who, token: what }));
  }, [id, token]);
}
