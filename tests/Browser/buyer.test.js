// The buyer's page, embedded. The list of events is looked at first, while it is short.
import './buyer/accessibility.js';
import './buyer/buying.js';
import './buyer/live.js';
import './buyer/trouble.js';
