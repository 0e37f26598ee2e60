// Texts about rehearsals.

export const rehearsal = {
  'rehearse.title': 'Rehearse {name}',
  'rehearse.text': 'A crowd of synthetic buyers comes to a copy of this event. Its real tickets are not touched, '
    + 'and the copy is removed afterwards.',
  'rehearse.warning': 'The crowd takes processor time from real buyers: rehearse before a sale, not during one.',
  'rehearse.buyers': 'Buyers',
  'rehearse.buyers.hint': 'Nine for each ticket make a rush.',
  'rehearse.rampSeconds': 'They come within, in seconds',
  'rehearse.rampSeconds.hint': '0: all at once.',
  'rehearse.patienceSeconds': 'Patience, in seconds',
  'rehearse.patienceSeconds.hint': 'How long each goes on asking.',
  'rehearse.quantity': 'Tickets for each',
  'rehearse.quantity.hint': 'At most {max} for one member.',
  'rehearse.submit': 'Start the rehearsal',
  'rehearse.running': 'Show it',

  'rehearsals.title': 'Last rehearsals',
  'rehearsals.none': 'Nothing has been rehearsed yet.',
  'rehearsals.away': 'The rehearsals cannot be loaded now.',
  'rehearsals.crowd': '{buyers} buyers for {capacity} tickets',

  'rehearsal.title': 'Rehearsal of {name}',
  'rehearsal.unknown': 'There is no such rehearsal',
  'rehearsal.unknown.why': 'Only the last ones are kept.',
  'rehearsal.order': '{buyers} buyers for {capacity} tickets, within {ramp} s; {quantity} for each, '
    + 'patient for {patience} s; {started}',
  'rehearsal.orderAtOnce': '{buyers} buyers for {capacity} tickets, all at once; {quantity} for each, '
    + 'patient for {patience} s; {started}',
  'rehearsal.stop': 'Stop',
  'rehearsal.stopping': 'Stopping …',
  'rehearsal.report': 'Download the report',
  'rehearsal.is.PREPARING': 'The copy is opened, and the crowd gathers …',
  'rehearsal.is.RUNNING': 'The crowd buys …',
  'rehearsal.is.CHECKING': 'The buyers’ answers are compared with the journal …',
  'rehearsal.over': 'What became of the buyers',
  'rehearsal.ended': 'The rehearsal is over. {state}.',
  'crowd.says': '{arrived} of {buyers} buyers came: {accepted} accepted, {refused} refused, {gaveUp} gave up, '
    + '{failed} without an answer, {waiting} waiting',

  'verdict.yes': 'Exact: yes',
  'verdict.no': 'Exact: no',
  'verdict.yesText': 'What {buyers} buyers were told and what is stored agree: {sold} of {capacity} tickets sold, '
    + 'none twice and none lost.',
  'verdict.none.STOPPED': 'It was stopped, and has no report.',
  'verdict.none.FAILED': 'It could not go on, and has no report.',
  'verdict.unsold': 'Left',
  'verdict.soldOutAfter': 'Sold out after',
  'verdict.lastAnswer': 'Last answer after',
  'verdict.p99': '99 of 100 buyers within',
  'verdict.noAnswer': 'Calls without an answer',
  'verdict.how': 'The copy’s owner, its journal and its database compared, and with them what each buyer was told.',
  'verdict.missing': 'Acknowledged but missing',
  'verdict.unknown': 'Unknown outcomes',
  'bottleneck.title': 'What a larger crowd would meet first',

  'curve.title': 'Second by second',
  'curve.arrivals': 'Buyers who came, each second',
  'curve.answers': 'Final answers, each second',
  'curve.queue': 'Buyers who waited',
  'curve.slowest': 'Wait for the final answer (p99), in milliseconds',
  'curve.figure': 'Figure',
  'curve.sum': 'In all',
  'curve.most': 'Most',
  'curve.second': 'Second',
  'curve.failed': 'Gave up or no answer',
  'curve.p99Ms': 'p99, ms',
  'curve.every': 'Figures of every second',

  'latency.title': 'How long buyers waited',
  'latency.hint': 'Milliseconds from a buyer’s arrival to the final answer, '
    + 'with every time that the buyer asked again.',
  'latency.of': 'Milliseconds',
  'latency.mean': 'Mean',
  'latency.max': 'Longest',

  'told.title': 'What buyers were told',
  'told.repeated': 'Asked again',
  'told.none': 'Nobody was refused, and nobody had to ask again.',
  'outside.text': 'Outside the front-end, in the network and in the crowd itself, a call spent {ms} ms on average.',
};
