const tickMs = 200;

/**
 * Calls again and again, for what shows a time that runs: often enough that no second is skipped.
 * @param {() => void} show
 * @param {AbortSignal} signal
 */
export function everyTick(show, signal) {
  if (signal.aborted) return;
  const timer = setInterval(show, tickMs);
  signal.addEventListener('abort', () => clearInterval(timer));
}
