import { until } from './until.js';

/** A client of the API: anonymous, or with the token of a member or an operator. */
export class ApiClient {
  /**
   * @param {string} url
   * @param {string} [token]
   */
  constructor(url, token) {
    this.url = url;
    this.token = token;
  }

  /**
   * Returns the content of a success. Throws otherwise.
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @param {Record<string, string>} [headers]
   * @returns {Promise<any>}
   */
  async call(method, path, body, headers = {}) {
    const answer = await this.try(method, path, body, headers);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    const { data } = await answer.json();
    return data;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @param {Record<string, string>} [headers]
   */
  try(method, path, body, headers = {}) {
    return fetch(this.url + path, {
      method,
      headers: {
        ...(body ? { 'Content-Type': 'application/json' } : {}),
        ...(this.token ? { 'x-access-token': this.token } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  }

  async isReady() {
    try {
      return (await this.try('GET', '/health')).ok;
    } catch {
      return false; // nothing listens yet
    }
  }

  /**
   * Logs in, and returns a client with the token.
   * @param {string} id
   * @param {string} password
   */
  async logIn(id, password) {
    const { accessToken } = await this.call('POST', '/member/login', { id, password });
    return new ApiClient(this.url, accessToken);
  }

  /** @param {string} eventId */
  numbersOf(eventId) { return this.call('GET', `/ticket/events/${eventId}`); }

  /**
   * Returns the number of sold tickets. Throws when the reconciliation finds an error. Needs an operator.
   * @param {string} eventId
   */
  async soldExactly(eventId) {
    const sums = await this.call('GET', `/admin/events/${eventId}/reconcile`);
    if (sums.drift !== 0 || sums.gaps !== 0 || sums.duplicates !== 0)
      throw new Error(`Broken: ${JSON.stringify(sums)}`);
    return sums.confirmed;
  }

  /**
   * @param {string} eventId
   * @param {string} state
   */
  untilState(eventId, state) {
    return until(`${eventId} is ${state}`, async () => (await this.numbersOf(eventId)).state === state);
  }
}
