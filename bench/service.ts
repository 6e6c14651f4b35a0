import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The service as `npm start` runs it: built from these sources, in a process of its own. */
export interface RunningService {
  url: string;
  process: ChildProcess;
  /** Of an admin who sends JSON. */
  headers: Record<string, string>;
  stop(): Promise<void>;
}

/** `more`: settings beside where the data are and where to listen. */
export async function startService(dataDir: string, more: Record<string, string> = {}): Promise<RunningService> {
  const { status } = spawnSync(process.execPath, ['build-if-changed.js'], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the service could not be built');
  const service = spawn(process.execPath, [...(await startFlags()), 'dist/main.js'], {
    env: { ...process.env, DATA_DIR: dataDir, HOST: '127.0.0.1', PORT: '0', DATABASE_URL: '', ...more },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async (): Promise<void> => {
    if (service.exitCode !== null) return;
    service.kill('SIGTERM');
    await once(service, 'exit');
  };
  const url = await readyUrl(service);
  const key = (await readFile(join(dataDir, 'admin.key'), 'utf8')).trim();
  return { url, process: service, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, stop };
}

async function startFlags(): Promise<string[]> {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: { start: string } };
  return scripts.start.match(/--\S+(?=.*\|\|)/g) ?? [];
}

async function readyUrl({ stdout }: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of stdout!) {
    text += String(chunk);
    const url = /ready on (\S+)/.exec(text)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('the service did not start');
}
