// The token is a member's key to everything. It is kept for this tab and no longer (sessionStorage): a reload keeps
// it, closing the tab forgets it, and nobody finds it tomorrow on a computer that others use too. A script that does
// not belong here could read it in either storage; that there is none is the content security policy's work. A cookie
// would be safer from scripts, but the server takes no cookies, and so no other site can make a browser buy.
/** @typedef {{id: string, token: string}} Member */

/** Who is logged in at a page. */
export class Session {
  #place;
  /** @type {Member | null} */
  #member;

  /** @type {Set<() => void>} */
  #watchers = new Set();

  /** The member whose token ended: to be asked for the password only. */
  lapsedId = '';

  /** The status that ended it: 401 for a token that is not valid any more, 403 for one that is not enough. */
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

  /** The member leaves. */
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
   * Hears of every change.
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
