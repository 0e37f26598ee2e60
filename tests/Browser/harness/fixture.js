import { openBrowser } from './browser.js';
import { ApiClient } from './api-client.js';
import { Guard } from './guard.js';
import { EmbeddedServer, operatorPassword } from './server.js';

/**
 * @typedef {object} Visit
 * @property {string} [as]      the id of a logged-in member
 * @property {string | null} [at]  the address within the page, such as #/event/1; null: no page yet
 * @property {string} [locale]
 * @property {string} [timezoneId]
 * @property {'light' | 'dark'} [colorScheme]
 * @property {{width: number, height: number}} [viewport]
 * @property {number} [deviceScaleFactor]  screen pixels for each pixel of the page
 * @property {number} [frontEnd]
 */

export const desktop = { width: 1280, height: 860 };
export const phone = { width: 320, height: 640 };

/** The fixture of a file's tests: a server, a browser, an operator, and unique names. */
export class Fixture {
  #names = 0;
  /** @type {{context: import('playwright-core').BrowserContext, guard: Guard}[]} */
  #visits = [];

  /**
   * @param {import('./server.js').Server} server
   * @param {import('playwright-core').Browser} browser
   * @param {import('./api-client.js').ApiClient} operator
   */
  constructor(server, browser, operator) {
    this.server = server;
    this.browser = browser;
    this.operator = operator;
  }

  /** @param {Promise<import('./server.js').Server>} [starting] */
  static async open(starting = EmbeddedServer.start()) {
    const [server, browser] = await Promise.all([starting, openBrowser()]);
    const operator = await new ApiClient(urlOf(server)).logIn('operator', operatorPassword);
    return new Fixture(server, browser, operator);
  }

  async close() {
    await this.browser.close();
    await this.server.close();
  }

  /** @param {string} word */
  name(word) { return `${word}-${++this.#names}`; }

  /**
   * Opens an event.
   * @param {{name?: string, capacity?: number, maxPerMember?: number, holdSeconds?: number, opensAt?: string,
   * closesAt?: string}} [terms]
   */
  event(terms = {}) {
    return this.operator.call(
      'POST', '/admin/events', { id: this.name('night'), name: 'The long night', capacity: 20, ...terms });
  }

  /**
   * Issues a member's token.
   * @param {string} id
   */
  async tokenOf(id) {
    const match = /^(.*?)(0|[1-9]\d*)$/.exec(id);
    if (!match) throw new Error(`${id} must end with a number`);
    const { tokens } = await this.operator.call(
      'POST', '/admin/tokens', { prefix: match[1], first: Number(match[2]), count: 1 });
    return String(tokens[0]);
  }

  /**
   * An API client of a member.
   * @param {string} id
   */
  async member(id) { return new ApiClient(urlOf(this.server), await this.tokenOf(id)); }

  /**
   * Sells tickets of an event with holds.
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
   * Reserves more than one member may have: raises the limit for the call.
   * @param {string} eventId
   * @param {number} quantity
   * @returns {Promise<[ApiClient, any]>}
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
   * Opens the buyer's page in a new browser context.
   * @param {Visit} [visit]
   */
  async visit({ as, at = '', frontEnd = 0, ...options } = {}) {
    const url = urlOf(this.server, frontEnd);
    const context = await this.browser.newContext({
      baseURL: url,
      locale: 'en-GB',
      timezoneId: 'Asia/Seoul',
      colorScheme: 'light',
      viewport: desktop,
      reducedMotion: 'reduce',
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    this.#visits.push({ context, guard: new Guard(page, url) });
    if (as) await logInAt(page, as, await this.tokenOf(as));
    if (at !== null) await page.goto(`/${at}`);
    return page;
  }

  /** To be called after each test: closes all pages, and checks that no guard has a complaint. */
  async endVisits() {
    const visits = this.#visits.splice(0);
    await Promise.all(visits.map(({ context }) => context.close()));
    visits.forEach(({ guard }) => guard.assertQuiet());
  }
}

/**
 * Stores a session in the tab, as after a login. A session that the page has changed or removed since then stays so.
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

/** @param {import('./server.js').Server} server */
function urlOf(server, frontEnd = 0) { return /** @type {string} */ (server.urls[frontEnd]); }
