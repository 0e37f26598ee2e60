// The colours of the style sheet, for what is painted and not styled.
const probe = document.createElement('i');
probe.hidden = true;

/** A custom property, resolved for the scheme of now. @param {string} name such as --sold */
export function colour(name) {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

const dark = matchMedia('(prefers-color-scheme: dark)');

/**
 * @param {() => void} listener  called when the scheme changes
 * @returns {() => void} stops
 */
export function whenSchemeChanges(listener) {
  dark.addEventListener('change', listener);
  return () => dark.removeEventListener('change', listener);
}
