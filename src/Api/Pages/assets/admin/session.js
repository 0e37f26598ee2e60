import { Session } from '../api/session.js';

/** The operator, apart from a member of the buyer's page: one tab can be both. */
export const session = new Session('boxoffice.operator');
