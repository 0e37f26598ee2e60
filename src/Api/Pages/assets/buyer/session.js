import { Session } from '../api/session.js';

/** The member who is logged in at this page. */
export const session = new Session('boxoffice.session');
