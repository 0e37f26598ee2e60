/** @param {number} n */
export const tickets = (n) => `${n.toLocaleString('ko')}장`;
