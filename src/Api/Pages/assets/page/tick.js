const tickMs = 200;

/**
 * Calls a function five times a second, so that a running clock skips no second.
 * @param {() => void} show
 * @param {AbortSignal} signal
 */
export function everyTick(show, signal) {
  if (signal.aborted) return;
  const timer = setInterval(show, tickMs);
  signal.addEventListener('abort', () => clearInterval(timer));
}
