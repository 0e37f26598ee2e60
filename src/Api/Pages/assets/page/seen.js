/**
 * Waits until the page is visible.
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function untilSeen(signal) {
  return new Promise((resolve, reject) => {
    if (!document.hidden) return resolve();
    const check = () => {
      if (document.hidden) return;
      document.removeEventListener('visibilitychange', check);
      resolve();
    };
    document.addEventListener('visibilitychange', check, { signal });
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}
