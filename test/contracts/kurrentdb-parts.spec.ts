import { placeOf, positionOf } from '../../src/event-store/kurrentdb/position.js';
import { addressOf, connectionProblem, versionProblem } from '../../src/event-store/kurrentdb/start-problem.js';

const URL = 'kurrentdb://desk:secret@127.0.0.1:2113,127.0.0.2:2113?tls=true';

describe('positions of the log in KurrentDB', () => {
  it('rise with the byte of the carrier, then with the place in its filing', () => {
    const places = [
      [0n, 1],
      [0n, 1023],
      [1n, 1],
      [733n, 1],
      [733n, 2],
      [2n ** 43n - 1n, 1023],
    ] as const;
    const positions = places.map(([commit, place]) => positionOf(commit, place));
    expect(positions).toEqual(positions.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(positions.map(placeOf)).toEqual(places.map(([commit, place]) => ({ commit, place })));
    expect(placeOf(positionOf(733n, 1) - 1n)).toEqual({ commit: 733n, place: 0 });
  });

  it('end where a number would no longer hold them: at 8 TiB', () => {
    expect(() => positionOf(2n ** 43n, 1)).toThrow('8 TiB');
  });
});

describe('what is said of a KurrentDB server that cannot be used', () => {
  it('names its hosts, and neither user nor password', () => {
    expect(addressOf(URL)).toBe('kurrentdb://127.0.0.1:2113,127.0.0.2:2113');
    expect(addressOf('esdb+discover://cluster.example')).toBe('esdb+discover://cluster.example');
    expect(addressOf('nonsense secret')).toBe('The address');
  });

  it.each(['5.0.8', '21.10.1', '22.6.0', '23.6.0'])('version %s is too old', (version) => {
    expect(versionProblem(version, URL)).toBe(
      `kurrentdb://127.0.0.1:2113,127.0.0.2:2113 is version ${version}: set EVENT_STORE_URL to a KurrentDB, or to an EventStoreDB 23.10 or newer.`,
    );
  });

  it('a server that tells no version is too old, or another kind of server', () => {
    expect(versionProblem('unknown', URL)).toBe(
      'kurrentdb://127.0.0.1:2113,127.0.0.2:2113 does not say which version it is, as a KurrentDB does: set EVENT_STORE_URL to one, or to an EventStoreDB 23.10 or newer.',
    );
  });

  it.each(['23.10.0', '23.10.8', '24.2.0', '25.1.0-alpha', '26.0'])('version %s is not', (version) => {
    expect(versionProblem(version, URL)).toBeUndefined();
  });

  it.each([
    ['14 UNAVAILABLE: Last error: Error: connect ECONNREFUSED 127.0.0.1:2113.', 'cannot be reached (ECONNREFUSED)'],
    ['Failed to discover after 10 attempts.', 'cannot be reached (no connection)'],
    ['14 UNAVAILABLE: Last error: Error: unable to verify the first certificate', 'tlsCAFile='],
    [
      "14 UNAVAILABLE: Last error: Error [ERR_TLS_CERT_ALTNAME_INVALID]: Host: db. is not in the cert's altnames: DNS:localhost",
      'another host',
    ],
    ['14 UNAVAILABLE: Last error: Error: SSL routines:wrong version number', 'tls=false'],
  ])('“%s” is told in one sentence', (message, expected) => {
    const sentence = connectionProblem(new Error(message), URL);
    expect(sentence).toContain(expected);
    expect(sentence).not.toMatch(/secret|UNAVAILABLE|\n/);
  });
});
