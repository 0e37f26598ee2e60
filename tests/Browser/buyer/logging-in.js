import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problem, reads } from '../harness/buyer.js';
import { fixture } from '../harness/embedded.js';

test('A login reports wrong passwords, waits while the server is busy, and shows the delay after many attempts',
  async () => {
  await fixture.operator.call('POST', '/member/signup', { id: 'patient1', password: 'see you at the show' });
  const page = await fixture.visit({ at: '#/login' });
  const press = () => page.getByRole('button', { name: 'Log in', exact: true }).click();

  await press();
  await reads(page, 'Please fill in the member id and the password.');
  await page.getByLabel('Member id').fill('patient1');
  await page.getByLabel('Password', { exact: true }).fill('not this one');
  await press();
  await reads(page, 'The member id or the password is wrong.');
  await page.route('**/member/login',
    (route) => route.fulfill(problem(429, 'TOO_MANY_ATTEMPTS', { retryAfterMs: 7_000 })), { times: 1 });
  await press();
  await reads(page, 'please wait 7 s');
  await page.getByLabel('Password', { exact: true }).fill('see you at the show');
  await page.route(
    '**/member/login', (route) => route.fulfill(problem(503, 'LOGIN_BUSY', { retryAfterMs: 800 })), { times: 1 });
  await press();
  await reads(page, 'Many people are logging in');
  await page.getByRole('button', { name: 'Log out' }).waitFor();

  assert.equal(await page.locator('#account .who').textContent(), 'patient1');
});

test('A rejected sign-up shows the reason', async () => {
  const page = await fixture.visit({ at: '#/login' });
  await page.getByRole('button', { name: 'New here? Sign up' }).click();
  const cases = /** @type {const} */ ([
    ['with space', 'see you at the show', 'no spaces'],
    ['weak1', 'password', 'none of the commonest passwords'],
    ['operator', 'see you at the show', 'Choose another one'],
  ]);

  for (const [id, password, words] of cases) {
    await page.getByLabel('Member id').fill(id);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign up', exact: true }).click();
    await reads(page, words);
  }

  assert.equal(await page.getByRole('button', { name: 'Log out' }).count(), 0);
});
