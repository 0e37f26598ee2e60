import { call } from '../api/call.js';
import { pause, waitBefore } from '../api/patience.js';
import { askToLogIn } from './login-dialog.js';
import { myTickets } from './my-tickets.js';
import { session } from './session.js';

/**
 * Confirms or cancels a reservation, until a final answer. Repeating either has no further effect.
 * @param {import('../api/wire.js').Reservation} reservation
 * @param {'confirm' | 'cancel'} verb
 * @returns {Promise<import('../api/call.js').Answer>}
 */
export async function settle({ reservationId }, verb) {
  for (let attempt = 1; ; attempt++) {
    const { token } = session;
    const answer = await call('POST', `/ticket/reservations/${reservationId}/${verb}`, { token });
    if (!answer.code) {
      myTickets.take(answer.data);
      return answer;
    }
    if (answer.code === 'UNAUTHENTICATED') {
      session.lapse(token);
      if (!await askToLogIn()) return answer;
    } else if (answer.isTerminal) {
      myTickets.load(); // the shown state is not the server's
      return answer;
    } else {
      await pause(waitBefore(attempt, answer.retryAfterMs));
    }
  }
}
