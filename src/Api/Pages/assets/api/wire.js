// The records of the HTTP contract, for the type checker. Nothing here runs.

/** @typedef {'UPCOMING' | 'OPEN' | 'ALL_HELD' | 'SOLD_OUT' | 'PAUSED' | 'CLOSED'} SaleState */

/**
 * @typedef {object} EventNumbers
 * @property {string} id
 * @property {string} name
 * @property {number} capacity
 * @property {number} available
 * @property {number} held
 * @property {number} confirmed
 * @property {SaleState} state
 * @property {string | null} opensAt
 * @property {string | null} closesAt
 * @property {number} maxPerMember
 * @property {number} holdSeconds
 * @property {number} version
 */

/**
 * @typedef {object} Reservation
 * @property {string} reservationId
 * @property {string} eventId
 * @property {number} quantity
 * @property {'HELD' | 'CONFIRMED' | 'CANCELLED' | 'EXPIRED'} status
 * @property {number} sequence
 * @property {string | null} expiresAt
 */

/**
 * @typedef {object} Problem
 * @property {string} code
 * @property {string} [title]
 * @property {boolean} [terminal]
 * @property {'NOT_APPLIED' | 'UNKNOWN'} [outcome]
 * @property {number} [retryAfterMs]
 * @property {string} [opensAt]
 * @property {string} [serverTime]
 * @property {number} [limit]
 * @property {number} [used]
 * @property {number} [available]
 */

export {};
