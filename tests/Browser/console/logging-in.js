import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture } from '../harness/embedded.js';
import { logIntoConsole } from '../harness/operator.js';

test('The console rejects a member: operators only', async () => {
  const credentials = { id: fixture.name('member'), password: 'see you at the show' };
  await fixture.operator.call('POST', '/member/signup', credentials);
  const page = await fixture.visit({ at: 'admin' });
  await page.getByLabel('Operator').fill(credentials.id);
  await page.getByLabel('Password').fill(credentials.password);

  await page.getByRole('button', { name: 'Log in' }).click();

  await page.getByRole('alert').getByText('Operators only').waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.getItem('boxoffice.operator')), null);
  assert.equal(await page.getByRole('heading', { name: 'Events' }).count(), 0);
});

test('A wrong password is reported without details', async () => {
  const page = await fixture.visit({ at: 'admin' });
  await page.getByLabel('Password').fill('not this one');

  await page.keyboard.press('Enter');

  await page.getByRole('alert').getByText('The id or the password is wrong.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Log out' }).isVisible(), false);
});

test('An expired token leads to the login', async () => {
  const page = await logIntoConsole(fixture);
  await page.evaluate(() =>
    sessionStorage.setItem('boxoffice.operator', JSON.stringify({ id: 'operator', token: 'worn out' })));
  await page.reload();

  await page.getByRole('alert').getByText('Your session has ended').waitFor();

  assert.equal(await page.evaluate(() => sessionStorage.getItem('boxoffice.operator')), null);
});

test('A member’s token in the session opens nothing', async () => {
  const { id } = await fixture.event();
  const token = await fixture.tokenOf('intruder1');
  const page = await fixture.visit({ at: 'admin' });
  await page.evaluate((stored) =>
    sessionStorage.setItem('boxoffice.operator', JSON.stringify({ id: 'clerk', token: stored })), token);

  await page.goto(`/admin?again#/events/${id}`);

  await page.getByRole('alert').getByText('Operators only').waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.getItem('boxoffice.operator')), null);
});

test('The console says that load tests are on', async () => {
  const page = await logIntoConsole(fixture);

  await page.getByText(/^LOAD TEST is on/).waitFor();
});
