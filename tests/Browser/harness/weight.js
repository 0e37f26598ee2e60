/** Counts a page's requests and bytes on the wire, headers included. */
export class Weight {
  /** @type {Map<string, {path: string, bytes: number}>} by the browser's request id */
  #fetched = new Map();

  /**
   * Starts counting.
   * @param {import('playwright-core').Page} page
   */
  static async of(page) {
    const weight = new Weight();
    const session = await page.context().newCDPSession(page);
    session.on('Network.requestWillBeSent', ({ requestId, request }) => {
      const url = new URL(request.url);
      if (url.protocol !== 'data:') weight.#fetched.set(requestId, { path: url.pathname + url.search, bytes: 0 });
    });
    session.on('Network.requestServedFromCache', ({ requestId }) => weight.#fetched.delete(requestId));
    session.on('Network.responseReceived', ({ requestId, response }) => {
      if (response.fromDiskCache) weight.#fetched.delete(requestId);
      else weight.#add(requestId, response.encodedDataLength);
    });
    session.on('Network.dataReceived', ({ requestId, encodedDataLength }) => weight.#add(requestId, encodedDataLength));
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const file = weight.#fetched.get(requestId);
      if (file) file.bytes = Math.max(file.bytes, encodedDataLength);
    });
    await session.send('Network.enable');
    return weight;
  }

  /** Resets all counts. */
  clear() { this.#fetched.clear(); }

  get paths() { return [...this.#fetched.values()].map(({ path }) => path); }

  get kilobytes() { return [...this.#fetched.values()].reduce((sum, { bytes }) => sum + bytes, 0) / 1_000; }

  /**
   * @param {string} requestId
   * @param {number} bytes
   */
  #add(requestId, bytes) {
    const file = this.#fetched.get(requestId);
    if (file) file.bytes += bytes;
  }
}
