import { execFileSync, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NODES = ['kurrentdb-1', 'kurrentdb-2', 'kurrentdb-3'];

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const describeWithOpenssl = hasOpenssl ? describe : describe.skip;
if (!hasOpenssl) process.stderr.write('docker/certificates.sh: NOT RUN: there is no openssl here\n');

describeWithOpenssl('the certificates of the cluster', () => {
  let folder: string;
  let authority: string;
  let keys: string;
  const make = (password: string): SpawnSyncReturns<string> => {
    const settings = { NODES: NODES.join(' '), AUTHORITY: authority, KEYS: keys, OWNER: `${process.getuid!()}:${process.getgid!()}` };
    const env = { PATH: process.env['PATH'], KURRENTDB_PASSWORD: password, ...settings };
    return spawnSync('sh', ['docker/certificates.sh'], { env, encoding: 'utf8' });
  };
  const openssl = (...args: string[]) => execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'entente-certificates-'));
    [authority, keys] = [join(folder, 'ca'), join(folder, 'keys')];
    mkdirSync(authority);
    mkdirSync(keys);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are not made as long as the cluster has no password, which it says in one sentence', () => {
    const { status, stderr } = make('');
    expect(status).toBe(1);
    expect(stderr).toBe('KURRENTDB_PASSWORD is not set: set it in .env to what openssl rand -hex 24 prints.\n');
    expect(readdirSync(authority)).toEqual([]);
  });

  it('are signed by an authority whose key nobody keeps', () => {
    expect(make('a-password').status).toBe(0);
    expect(readdirSync(authority)).toEqual(['ca.crt']);
    expect(readdirSync(keys)).toEqual(NODES.flatMap((node) => [`${node}.crt`, `${node}.key`]));
    for (const node of NODES) {
      expect(openssl('verify', '-CAfile', join(authority, 'ca.crt'), join(keys, `${node}.crt`))).toContain('OK');
      expect(statSync(join(keys, `${node}.key`)).mode & 0o777).toBe(0o600);
    }
  });

  it.each(NODES)('name %s as its own host, and as a node of the cluster', (node) => {
    const certificate = openssl('x509', '-in', join(keys, `${node}.crt`), '-noout', '-subject', '-ext', 'subjectAltName,extendedKeyUsage');
    expect(certificate).toMatch(/CN ?= ?eventstoredb-node/);
    expect(certificate).toContain(`DNS:${node}, DNS:localhost`);
    expect(certificate).toContain('TLS Web Server Authentication, TLS Web Client Authentication');
  });

  it('stay as they are at every later start', () => {
    const before = readFileSync(join(authority, 'ca.crt'), 'utf8');
    expect(make('a-password')).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(authority, 'ca.crt'), 'utf8')).toBe(before);
  });
});
