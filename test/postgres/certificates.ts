import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** PEM texts, but for `authorityFile`, which is a path. */
export interface Certificates {
  authorityFile: string;
  certificate: string;
  key: string;
  remove(): Promise<void>;
}

/** An authority of the spec's own, and a certificate signed by it for one host (such as "DNS:localhost"). Needs openssl. */
export async function makeCertificates(host: string): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'entente-certificates-'));
  const path = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  const authority = ['-subj', '/CN=Newsroom authority', '-keyout', 'ca.key', '-out', 'ca.pem'];
  await openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...authority);
  await openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=newsroom', '-keyout', 'server.key', '-out', 'server.csr');
  await writeFile(path('names'), `subjectAltName=${host}\n`);
  const signed = ['-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-out', 'server.pem'];
  await openssl('x509', '-req', '-days', '2', ...signed);
  const [certificate, key] = await Promise.all(['server.pem', 'server.key'].map((name) => readFile(path(name), 'utf8')));
  return {
    authorityFile: path('ca.pem'),
    certificate: certificate!,
    key: key!,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
