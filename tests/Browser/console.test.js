// The operator's console, embedded. The list of events is looked at first, while it is short.
import './console/accessibility.js';
import './console/operating.js';
import './console/rehearsing.js';
import './console/trouble.js';
