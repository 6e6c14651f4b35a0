import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { EventType } from '../src/domain/record.js';

interface Source {
  path: string;
  text: string;
}

interface Import {
  from: string;
  /** A path under src, or the name of a package. */
  to: string;
  names: string;
  typesOnly: boolean;
}

const SOURCES: Source[] = globSync('src/**/*.ts').map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const IMPORTS = SOURCES.flatMap(importsOf);

/** The import and re-export lines of a file. */
function importsOf({ path, text }: Source): Import[] {
  const lines = text.matchAll(/^(?:import|export)\s+(?:(type\s)?([^'";]*?)\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm);
  return [...lines].map(([, type, names = '', named, called]) => {
    const target = named ?? called ?? '';
    const to = target.startsWith('.') ? normalize(join(dirname(path), target)).replace(/\.js$/, '.ts') : target;
    return { from: path, to, names, typesOnly: type !== undefined || everyNameIsAType(names) };
  });
}

function everyNameIsAType(names: string): boolean {
  const listed =
    /^\{([^}]*)\}$/
      .exec(names.trim())?.[1]
      ?.split(',')
      .filter((name) => name.trim() !== '') ?? [];
  return listed.length > 0 && listed.every((name) => name.trim().startsWith('type '));
}

/** Files whose text breaks a rule. */
function breaking(rule: RegExp, within = /^src\//, except = /^$/): string[] {
  return SOURCES.filter(({ path, text }) => within.test(path) && !except.test(path) && rule.test(text)).map(({ path }) => path);
}

const shown = ({ from, to }: Import): string => `${from} → ${to}`;
const MEASURING = /^prom-client$|^@opentelemetry\//;
const NEST = /^@nestjs\//;
const DATABASE = /^pg$|^src\/postgres\//;
const DECISIONS = /\.decide\.ts$|^src\/domain\/(decider|step|filing|desk)\.ts$/;
const ADAPTERS = /^src\/event-store\/(postgres|kurrentdb|memory)\//;
const WIRING =
  /^src\/(main|app\.module|config|service|open-log|log-at|copy-log|rebuild|start-projector|projector\.worker|start-rebuild|rebuild\.worker|rebuild-here|migrate-all)\.ts$/;
const folders = (...names: string[]) => new RegExp(`^src/(${names.join('|')})/`);

describe('the one-way flow: who may never import whom', () => {
  it.each<[string, RegExp, RegExp]>([
    ['the domain is pure: it knows nothing but itself', folders('domain'), /^(?!src\/domain\/)/],
    ['the state of a relationship is told, not decided', folders('domain/relationship'), DECISIONS],
    ['the log knows no framework', folders('event-store'), NEST],
    [
      'the log knows nothing but what it stores',
      folders('event-store'),
      folders('commands', 'projection', 'read-models', 'feeds', 'access', 'http', 'telemetry'),
    ],
    ['a command never reads a view', folders('commands'), folders('projection', 'read-models', 'feeds', 'access', 'http')],
    ['commands reach the log through its port', folders('commands'), DATABASE],
    ['everybody but the wiring sees the port alone', folders('commands', 'projection', 'read-models', 'feeds'), ADAPTERS],
    ['a view tells, it does not decide', folders('projection', 'read-models', 'feeds'), DECISIONS],
    ['a projection never issues a command', folders('projection', 'read-models', 'feeds'), folders('commands', 'access', 'http')],
    [
      'keys are no part of the newsroom',
      folders('access'),
      folders('domain', 'event-store', 'commands', 'projection', 'read-models', 'feeds', 'http'),
    ],
    ['controllers speak in messages', folders('http'), folders('event-store', 'projection')],
    ['controllers reach no database', folders('http'), DATABASE],
    ['controllers know the messages, not who handles them', folders('http'), /^src\/commands\/(?!messages\.ts$)/],
    [
      'running a database is no business of the newsroom',
      folders('postgres'),
      folders('domain', 'event-store', 'commands', 'projection', 'read-models', 'feeds', 'access', 'http'),
    ],
    ['running a database is the wiring’s business', folders('domain', 'commands', 'http', 'feeds'), folders('postgres')],
    [
      'what is measured does not know by what',
      folders('domain', 'projection', 'read-models', 'feeds', 'access', 'postgres', 'cli'),
      folders('telemetry'),
    ],
    ['measuring reaches for nothing', folders('telemetry'), folders('domain', 'commands', 'feeds', 'access', 'http', 'postgres', 'cli')],
    ['metrics and traces have their libraries in one place', /^src\/(?!telemetry\/)/, MEASURING],
    ['nobody imports what wires them together', /^src\/(?!cli\/).+\//, WIRING],
    [
      'a command line speaks to a running service over HTTP',
      folders('cli'),
      folders('commands', 'event-store', 'projection', 'read-models', 'http', 'postgres'),
    ],
    ['a command line starts no service', folders('cli'), /^src\/(main|app\.module|service)\.ts$/],
  ])('%s', (_, from, to) => {
    expect(IMPORTS.filter((one) => from.test(one.from) && to.test(one.to)).map(shown)).toEqual([]);
  });

  it.each<[string, RegExp, RegExp]>([
    ['the log stores what the domain says, and decides nothing', folders('event-store'), folders('domain')],
    [
      'whoever keeps tables is given a pool',
      folders('event-store', 'projection', 'read-models', 'access'),
      /^src\/postgres\/(?!(?:pool|connection|binary-array|send-all)\.ts$)/,
    ],
  ])('%s, types excepted', (_, from, to) => {
    expect(IMPORTS.filter((one) => !one.typesOnly && from.test(one.from) && to.test(one.to)).map(shown)).toEqual([]);
  });

  it('kinds of record know of each other no more than the types of their events', () => {
    const kinds = ['statement', 'sanction', 'meeting', 'action', 'source'];
    const kindOf = (path: string) => kinds.find((kind) => path.startsWith(`src/domain/${kind}/`));
    const across = IMPORTS.filter(({ from, to }) => kindOf(from) && kindOf(to) && kindOf(from) !== kindOf(to));
    expect(across.filter(({ to, typesOnly }) => !typesOnly || !to.endsWith('.events.ts')).map(shown)).toEqual([]);
  });

  it('finds the imports that it judges', () => {
    expect(IMPORTS.filter(({ from, to }) => from === 'src/domain/life.ts' && to === 'src/domain/meeting/meeting.events.ts')).toHaveLength(
      1,
    );
    expect(IMPORTS.filter(({ to, typesOnly }) => to === 'src/domain/desk.ts' && !typesOnly)).toEqual([]);
    expect(IMPORTS.length).toBeGreaterThan(200);
    expect(IMPORTS.map(({ to }) => to)).toEqual(
      expect.arrayContaining(['pg', '@nestjs/cqrs', 'node:crypto', 'src/event-store/event-store.ts']),
    );
  });
});

describe('the domain', () => {
  it('knows no clock, no randomness and nothing that waits', () => {
    expect(breaking(/Date\.now\(|new Date\(\)|Math\.random\(|\basync\b|\bawait\b|\bPromise\b|\bprocess\./, /^src\/domain\//)).toEqual([]);
  });

  it('has no default branch, so that the compiler names a forgotten event', () => {
    expect(breaking(/^\s*default:/m, /^src\/domain\//)).toEqual([]);
  });

  it('says of every event, in one line above it, what it means in the newsroom', () => {
    const every: Record<EventType, true> = {
      SourceRegistered: true,
      SourceGraded: true,
      SourceWithdrawn: true,
      StatementMade: true,
      StatementAssessed: true,
      StatementSettled: true,
      SanctionImposed: true,
      SanctionAmended: true,
      SanctionLifted: true,
      MeetingScheduled: true,
      MeetingRescheduled: true,
      MeetingHeld: true,
      MeetingCancelled: true,
      ActionTaken: true,
      ActionEnded: true,
      SourceCited: true,
      RecordsLinked: true,
      QueryRaised: true,
      QueryAnswered: true,
      RecordCorrected: true,
      RecordRetracted: true,
      RecordReinstated: true,
      RecordsUnlinked: true,
    };
    const files = SOURCES.filter(({ path }) => /^src\/domain\/(record|.+\.events)\.ts$/.test(path));
    const lines = files.flatMap(({ text }) => text.split('\n'));
    const events = lines.flatMap((line, i) => {
      const type = /^\s*(?:\| )?\{ type: '(\w+)'; data: /.exec(line)?.[1];
      return type === undefined ? [] : [{ type, above: lines[i - 1] ?? '', aboveThat: lines[i - 2] ?? '' }];
    });
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(Object.keys(every)));
    const told = ({ above, aboveThat }: (typeof events)[number]) => /^\s*\/\*\* .+\. \*\/$/.test(above) && !aboveThat.endsWith('*/');
    expect(events.filter((event) => !told(event))).toEqual([]);
  });
});

describe('the house', () => {
  it('reads its settings from the environment in config.ts alone', () => {
    expect(breaking(/process\.env\s*[.[]|[=(]\s*process\.env/, /^src\//, /^src\/config\.ts$/)).toEqual([]);
  });

  it('loads what sends traces only where traces are sent', () => {
    const sending = IMPORTS.filter(({ to, typesOnly }) => /^@opentelemetry\/(?!api$)/.test(to) && !typesOnly);
    expect(new Set(sending.map(({ from }) => from))).toEqual(new Set(['src/telemetry/tracing.ts']));
    expect(breaking(/^import (?!type )[^;]*'@opentelemetry\/(?!api')/m)).toEqual([]);
  });

  it('appends to the log in decide-and-append.ts alone', () => {
    expect(breaking(/(?<!log)\.append\(/)).toEqual(['src/commands/decide-and-append.ts']);
  });

  it('restores a log where one is copied alone', () => {
    expect(breaking(/(?<!log)\.restore\(/)).toEqual(['src/event-store/copy-log.ts']);
  });

  it('lets events travel through the log alone: no aggregates, event buses or sagas in memory', () => {
    const inMemory = /AggregateRoot|EventPublisher|EventBus|EventsHandler|Saga/;
    expect(IMPORTS.filter(({ to, names }) => to === '@nestjs/cqrs' && inMemory.test(names)).map(shown)).toEqual([]);
  });
});
