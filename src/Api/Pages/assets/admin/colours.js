// The colours of the style sheet, for charts, which are painted.
const probe = document.createElement('i');
probe.hidden = true;

/** A custom property, resolved for the present colour scheme. @param {string} name such as --sold */
export function colour(name) {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

const dark = matchMedia('(prefers-color-scheme: dark)');

/**
 * @param {() => void} listener  called when the colour scheme changes
 * @returns {() => void} stops
 */
export function whenSchemeChanges(listener) {
  dark.addEventListener('change', listener);
  return () => dark.removeEventListener('change', listener);
}
