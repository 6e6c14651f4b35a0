import { StartError } from '../../start-error.js';

/** The options the client knows; it would show one that it does not know, and the password beside it. */
const OPTIONS = [
  'connectionName',
  'defaultDeadline',
  'discoveryInterval',
  'gossipTimeout',
  'keepAliveInterval',
  'keepAliveTimeout',
  'maxDiscoverAttempts',
  'nodePreference',
  'throwOnAppendFailure',
  'tls',
  'tlsCAFile',
  'tlsVerifyCert',
  'userCertFile',
  'userKeyFile',
];

/** A connection string as the client takes it. Throws StartError for options it should not have. */
export function connectionString(url: string): string {
  for (const [name, value] of new URLSearchParams(url.split('?').slice(1).join('?'))) {
    const option = OPTIONS.find((known) => flat(known) === flat(name));
    if (option === undefined) {
      if (!/^\w+$/.test(name)) {
        throw new StartError('EVENT_STORE_URL cannot be read: in a password write ? as %3F, @ as %40, / as %2F, : as %3A and & as %26.');
      }
      throw new StartError(
        `EVENT_STORE_URL has an option ${name} that is none of KurrentDB: leave it out, or write one of ${OPTIONS.join(', ')}.`,
      );
    }
    if (option === 'throwOnAppendFailure' && value !== 'true') {
      throw new StartError('EVENT_STORE_URL says throwOnAppendFailure=false, which would hide conflicts: leave it out.');
    }
    if (option === 'nodePreference' && flat(value) !== 'leader') {
      throw new StartError(
        `EVENT_STORE_URL says nodePreference=${flat(value)}, where a reader may miss what was just filed: leave it out.`,
      );
    }
  }
  // The older name of the scheme makes the client write a warning.
  return url.replace(/^esdb/, 'kurrentdb');
}

/** As the client compares them. */
function flat(text: string): string {
  return text.trim().toLowerCase().replace(/[_-]/g, '');
}
