import assert from 'node:assert/strict';

/**
 * Watches a page for events that must never happen: an error in its console (such as a violation of the content
 * security policy), an uncaught exception, a request to another origin.
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
      // The browser logs each refusal (409, 401) and each lost connection, which the tests cause.
      const isOfNetwork = message.text().startsWith('Failed to load resource:');
      if (['error', 'warning'].includes(message.type()) && !isOfNetwork)
        this.#complaints.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.#complaints.push(`exception: ${error.stack ?? error}`));
    page.on('request', (request) => {
      const address = new URL(request.url());
      if (address.protocol !== 'data:' && address.origin !== origin) this.#complaints.push(`request: ${request.url()}`);
    });
  }

  assertQuiet() { assert.deepEqual(this.#complaints, []); }
}
