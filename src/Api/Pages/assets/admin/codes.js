// Codes of decisions: their order, and their marks in charts and tables.

// From the bottom of a chart up. All further codes have the mark "other".
const known = [
  'RESERVED', 'REPLAYED', 'SOLD_OUT', 'ALL_HELD', 'INSUFFICIENT', 'LIMIT_EXCEEDED', 'PAUSED', 'NOT_OPEN', 'CLOSED',
];

/** @param {string[]} codes */
export const inOrder = (codes) => [
  ...known.filter((code) => codes.includes(code)),
  ...codes.filter((code) => !known.includes(code)).sort(),
];

/** @param {string} code */
export const markOf = (code) => `code-${known.includes(code) ? code.toLowerCase().replace('_', '-') : 'other'}`;
