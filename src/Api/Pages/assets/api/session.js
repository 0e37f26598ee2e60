// The token is kept in sessionStorage, for this tab only: a reload keeps it, closing the tab deletes it, so that it
// does not stay on a shared computer. A foreign script could read it there; the content security policy allows none.
// A cookie would be safer from scripts, but the server takes no cookies, so that no other site can make a browser buy.
/** @typedef {{id: string, token: string}} Member */

/** The login at a page. */
export class Session {
  #place;
  /** @type {Member | null} */
  #member;

  /** @type {Set<() => void>} */
  #watchers = new Set();

  /** The member whose token ended: the login form has the id already. */
  lapsedId = '';

  /** The status that ended it: 401 for a token that is not valid any more, 403 for one without the right. */
  lapsedStatus = 0;

  /** @param {string} place  in the tab's storage; each page has its own */
  constructor(place) {
    this.#place = place;
    this.#member = read(place);
  }

  get member() { return this.#member; }

  get token() { return this.#member?.token ?? null; }

  /**
   * @param {string} id
   * @param {string} token
   */
  begin(id, token) {
    this.#forgetLapse();
    this.#become({ id, token });
  }

  /** Logs out. */
  end() {
    this.#forgetLapse();
    this.#become(null);
  }

  /**
   * The server does not take this token any more.
   * @param {string | null} token
   * @param {number} [status]
   */
  lapse(token, status = 401) {
    if (!this.#member || this.#member.token !== token) return; // an old call's answer, after a new login
    this.lapsedId = this.#member.id;
    this.lapsedStatus = status;
    this.#become(null);
  }

  /**
   * Calls the watcher after every change.
   * @param {() => void} watcher
   * @param {AbortSignal} [signal]
   */
  watch(watcher, signal) {
    this.#watchers.add(watcher);
    signal?.addEventListener('abort', () => this.#watchers.delete(watcher));
  }

  #forgetLapse() {
    this.lapsedId = '';
    this.lapsedStatus = 0;
  }

  /** @param {Member | null} member */
  #become(member) {
    this.#member = member;
    if (member) sessionStorage.setItem(this.#place, JSON.stringify(member));
    else sessionStorage.removeItem(this.#place);
    [...this.#watchers].forEach((watcher) => watcher());
  }
}

/** @param {string} place @returns {Member | null} */
function read(place) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(place) ?? 'null');
    return typeof kept?.id === 'string' && typeof kept?.token === 'string' ? { id: kept.id, token: kept.token } : null;
  } catch {
    return null;
  }
}
