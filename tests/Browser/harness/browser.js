import { chromium } from 'playwright-core';

/** Starts Debian's Chromium, or the one of BOXOFFICE_CHROMIUM, with Playwright's temporary profile. */
export function openBrowser() {
  return chromium.launch({
    executablePath: process.env['BOXOFFICE_CHROMIUM'] || '/usr/bin/chromium',
    chromiumSandbox: false, // not available to root
    args: [
      '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
  });
}
