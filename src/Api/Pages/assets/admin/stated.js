/**
 * The texts of states, with keys state.NAME.
 * @param {Record<string, string>} states
 * @returns {Record<`state.${string}`, string>}
 */
export const stated = (states) =>
  Object.fromEntries(Object.entries(states).map(([name, words]) => [`state.${name}`, words]));
