/**
 * Waits until somebody can see the page.
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function untilSeen(signal) {
  return new Promise((resolve, reject) => {
    if (!document.hidden) return resolve();
    const look = () => {
      if (document.hidden) return;
      document.removeEventListener('visibilitychange', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look, { signal });
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}
