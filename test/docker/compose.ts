import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What `docker compose config` makes of a service, as far as the specs look at it. */
export interface ComposeService {
  image: string;
  build?: { context: string };
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  ports?: { host_ip?: string; published: string; target: number }[];
  volumes?: { type: string; source: string; target: string; read_only?: boolean }[];
  networks?: Record<string, unknown>;
  restart?: string;
  read_only?: boolean;
  cap_drop?: string[];
}

export interface ComposeFile {
  services: Record<string, ComposeService>;
  networks: Record<string, { internal?: boolean }>;
  volumes: Record<string, unknown>;
}

/** Docker Compose 2: the program that DOCKER_COMPOSE names, or what is installed. Undefined where there is none. */
export const COMPOSE = [[process.env['DOCKER_COMPOSE'] ?? ''], ['docker', 'compose'], ['docker-compose']].find(isCompose);

function isCompose([program = '', ...args]: string[]): boolean {
  if (program === '') return false;
  try {
    return Number(/\d+/.exec(execFileSync(program, [...args, 'version', '--short'], { encoding: 'utf8', stdio: 'pipe' }))?.[0]) >= 2;
  } catch {
    return false;
  }
}

/** The compose file as it is understood with these lines in .env. Throws with what Compose says. */
export function composeConfig(settings: Record<string, string>, ...options: string[]): ComposeFile {
  const folder = mkdtempSync(join(tmpdir(), 'entente-compose-'));
  try {
    const env = join(folder, '.env');
    writeFileSync(
      env,
      Object.entries(settings)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    const [program, ...args] = COMPOSE!;
    const words = [...args, '--file', 'docker-compose.yml', '--env-file', env, ...options, 'config', '--format', 'json'];
    const environment = { PATH: process.env['PATH'], HOME: folder };
    return JSON.parse(execFileSync(program!, words, { encoding: 'utf8', stdio: 'pipe', env: environment })) as ComposeFile;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
