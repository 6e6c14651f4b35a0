import { readFileSync } from 'node:fs';
import { COMPOSE, composeConfig, type ComposeFile } from './compose.js';

const EXAMPLE = Object.fromEntries(
  [...readFileSync('.env.example', 'utf8').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]),
);
const FILLED_IN = { ...EXAMPLE, POSTGRES_PASSWORD: 'for-postgres', KURRENTDB_PASSWORD: 'for-kurrentdb' };
const WAYS: [profile: string, entente: string, beside: string[]][] = [
  ['postgresql', 'entente', ['postgres']],
  ['kurrentdb', 'entente-on-kurrentdb', ['kurrentdb', 'postgres']],
  ['kurrentdb-cluster', 'entente-on-cluster', ['certificates', 'kurrentdb-1', 'kurrentdb-2', 'kurrentdb-3', 'postgres']],
];
const NODES = ['kurrentdb-1', 'kurrentdb-2', 'kurrentdb-3'];

const describeWithCompose = COMPOSE === undefined ? describe.skip : describe;
if (COMPOSE === undefined) {
  process.stderr.write('docker-compose.yml: NOT RUN: there is no Docker Compose 2 here; test/docker/fetch-compose brings one\n');
}

/** What Compose says instead of an answer. */
function refusal(settings: Record<string, string>): string {
  try {
    composeConfig(settings);
    return 'it was accepted';
  } catch (error) {
    return (error as { stderr: string }).stderr.trim();
  }
}

describeWithCompose('docker-compose.yml', () => {
  it('with .env.example filled in, starts the service on PostgreSQL', () => {
    expect(Object.keys(composeConfig(FILLED_IN).services).toSorted()).toEqual(['entente', 'postgres']);
  });

  it.each([
    ['POSTGRES_PASSWORD', 'set it in .env to what openssl rand -hex 24 prints'],
    ['COMPOSE_PROFILES', 'copy .env.example to .env, where COMPOSE_PROFILES chooses postgresql, kurrentdb or kurrentdb-cluster'],
  ])('says in one sentence that %s is missing', (name, advice) => {
    const said = refusal({ ...FILLED_IN, [name]: '' });
    expect(said.split('\n')).toHaveLength(1);
    expect(said).toContain(`${name} is missing a value: ${advice}`);
  });

  it('gives where the log is in the address of the service', () => {
    const url = (profile: string, entente: string) => composeConfig(FILLED_IN, '--profile', profile).services[entente]!.environment;
    expect(url('postgresql', 'entente')).toEqual({ DATABASE_URL: 'postgres://entente:for-postgres@postgres:5432/entente' });
    expect(url('kurrentdb', 'entente-on-kurrentdb')).toHaveProperty('EVENT_STORE_URL', 'kurrentdb://kurrentdb:2113?tls=false');
    expect(url('kurrentdb-cluster', 'entente-on-cluster')).toHaveProperty(
      'EVENT_STORE_URL',
      'kurrentdb://admin:for-kurrentdb@kurrentdb-1:2113,kurrentdb-2:2113,kurrentdb-3:2113?tlsCAFile=/etc/entente/ca.crt',
    );
  });

  describe.each(WAYS)('in the way %s', (profile, entente, beside) => {
    let file: ComposeFile;
    beforeAll(() => {
      file = composeConfig(FILLED_IN, '--profile', profile);
    });

    it('starts one service and what it needs, whatever .env chooses', () => {
      expect(Object.keys(file.services).toSorted()).toEqual([entente, ...beside].toSorted());
    });

    it('pins every image to one version', () => {
      for (const { image } of Object.values(file.services)) expect(image).toMatch(/^[\w/]+:\d+\.\d+(?:\.\d+)?(?:-[a-z-]+)?$/);
    });

    it('lets nobody in but through the service, and at first from this machine alone', () => {
      const open = Object.entries(file.services).filter(([, { ports }]) => ports !== undefined);
      expect(open.map(([name]) => name)).toEqual([entente]);
      expect(file.services[entente]!.ports).toMatchObject([{ host_ip: '127.0.0.1', published: '3000', target: 3000 }]);
      expect(file.networks['data']).toMatchObject({ internal: true });
      for (const name of beside) expect(Object.keys(file.services[name]!.networks ?? {})).toEqual(name === 'certificates' ? [] : ['data']);
    });

    it('waits until every server is healthy, and starts each again when it ends', () => {
      const servers = beside.filter((name) => name !== 'certificates');
      const waits = Object.entries(file.services[entente]!.depends_on ?? {}).map(([name, { condition }]) => [name, condition]);
      expect(Object.fromEntries(waits)).toEqual(Object.fromEntries(servers.map((name) => [name, 'service_healthy'])));
      for (const name of servers) expect(file.services[name]!.healthcheck?.test[0]).toBe('CMD');
      for (const name of [entente, ...servers]) expect(file.services[name]!.restart).toBe('unless-stopped');
    });

    it('gives the service a root that it cannot write to, no rights, and a volume for its key', () => {
      expect(file.services[entente]).toMatchObject({ read_only: true, cap_drop: ['ALL'], build: { context: process.cwd() } });
      expect(file.services[entente]!.volumes).toContainEqual(
        expect.objectContaining({ type: 'volume', source: 'data', target: '/home/node/data' }),
      );
    });

    it('keeps the data of each server in a volume of its own', () => {
      const kept = beside.flatMap((name) => file.services[name]!.volumes ?? []).filter(({ target }) => target.startsWith('/var/lib/'));
      expect(kept.map(({ source }) => source).toSorted()).toEqual(beside.filter((name) => name !== 'certificates').toSorted());
      for (const { source } of kept) expect(file.volumes).toHaveProperty(source);
    });
  });

  it('has in the cluster three nodes that know each other and begin when their certificates are there', () => {
    const { services } = composeConfig(FILLED_IN, '--profile', 'kurrentdb-cluster');
    expect(services['certificates']!.environment!['NODES']!.split(' ')).toEqual(NODES);
    for (const node of NODES) {
      expect(services[node]!.depends_on).toMatchObject({ certificates: { condition: 'service_completed_successfully' } });
      expect(services[node]!.environment).toMatchObject({
        EVENTSTORE_CLUSTER_SIZE: '3',
        EVENTSTORE_NODE_HOST_ADVERTISE_AS: node,
        EVENTSTORE_REPLICATION_HOST_ADVERTISE_AS: node,
        EVENTSTORE_GOSSIP_SEED: NODES.filter((other) => other !== node)
          .map((other) => `${other}:2113`)
          .join(','),
        EVENTSTORE_CERTIFICATE_FILE: `/etc/eventstore/keys/${node}.crt`,
        EVENTSTORE_DEFAULT_ADMIN_PASSWORD: 'for-kurrentdb',
        EVENTSTORE_DEFAULT_OPS_PASSWORD: 'for-kurrentdb',
      });
    }
  });
});
