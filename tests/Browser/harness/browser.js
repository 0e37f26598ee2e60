import { chromium } from 'playwright-core';

/** Debian's Chromium, or the one that BOXOFFICE_CHROMIUM names; with an empty profile in a temporary folder, as Playwright makes it. */
export function openBrowser() {
  return chromium.launch({
    executablePath: process.env['BOXOFFICE_CHROMIUM'] || '/usr/bin/chromium',
    chromiumSandbox: false, // it cannot have one where the tests run as root
    args: [
      '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
      '--disable-sync',
    ],
  });
}
