import { until } from './until.js';

/**
 * Calls the API as a program would: nobody in particular, a member, or the operator.
 */
export class Caller {
  /**
   * @param {string} url
   * @param {string} [token]
   */
  constructor(url, token) {
    this.url = url;
    this.token = token;
  }

  /**
   * What a success carries; fails otherwise.
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
      return false; // nobody listens yet
    }
  }

  /**
   * The token of somebody with a password.
   * @param {string} id
   * @param {string} password
   */
  async logIn(id, password) {
    const { accessToken } = await this.call('POST', '/member/login', { id, password });
    return new Caller(this.url, accessToken);
  }

  /** @param {string} eventId */
  numbersOf(eventId) { return this.call('GET', `/ticket/events/${eventId}`); }

  /**
   * How many tickets of an event are sold, and that nothing about it is broken. The operator's.
   * @param {string} eventId
   */
  async soldAndSound(eventId) {
    const sums = await this.call('GET', `/admin/events/${eventId}/reconcile`);
    if (sums.drift !== 0 || sums.gaps !== 0 || sums.duplicates !== 0) throw new Error(`Broken: ${JSON.stringify(sums)}`);
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
