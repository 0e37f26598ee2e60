/** @param {number} n */
export const tickets = (n) => (n === 1 ? '1 ticket' : `${n.toLocaleString('en')} tickets`);
