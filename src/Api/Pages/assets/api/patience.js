const firstWaitMs = 250;
const waitMaxMs = 5_000;

/**
 * The wait before the next try: at least what the server asks for, doubled each time, with jitter. Without jitter, a
 * crowd that lost its connections together would come back together.
 * @param {number} attempt  1 for the first
 * @param {number} [retryAfterMs]
 */
export function waitBefore(attempt, retryAfterMs = 0) {
  const backoffMs = Math.min(waitMaxMs, firstWaitMs * 2 ** (attempt - 1)) * (0.5 + Math.random());
  return Math.max(retryAfterMs, backoffMs);
}

/**
 * Waits for a time, or until the browser is online again.
 * @param {number} milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
export function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener('online', end);
      signal?.removeEventListener('abort', end);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, milliseconds);
    addEventListener('online', end);
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
}
