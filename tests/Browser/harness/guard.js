import assert from 'node:assert/strict';

/**
 * Listens to a page for what must never happen on it: an error in its console (a breach of the content security
 * policy is one), an exception that nobody caught, a request to anybody but its own server.
 */
export class Guard {
  /** @type {string[]} */
  #complaints = [];

  /**
   * @param {import('playwright-core').Page} page
   * @param {string} url
   */
  constructor(page, url) {
    const origin = new URL(url).origin;
    page.on('console', (message) => {
      // The browser writes a line for each refusal (409, 401) and each lost connection: those are the tests' own doing.
      const isOfNetwork = message.text().startsWith('Failed to load resource:');
      if (['error', 'warning'].includes(message.type()) && !isOfNetwork) this.#complaints.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (trouble) => this.#complaints.push(`exception: ${trouble.stack ?? trouble}`));
    page.on('request', (request) => {
      const address = new URL(request.url());
      if (address.protocol !== 'data:' && address.origin !== origin) this.#complaints.push(`request: ${request.url()}`);
    });
  }

  assertQuiet() { assert.deepEqual(this.#complaints, []); }
}
