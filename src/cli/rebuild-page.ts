import cliProgress from 'cli-progress';

/** How it stands with views that are being built anew, as GET /admin/rebuild tells it. */
export interface RebuildTold {
  state: string;
  phase: string | null;
  what: string | null;
  position: string | null;
  head: string | null;
  rate: number | null;
  etaSeconds: number | null;
  updatedAt: string | null;
  differences: { of: string; table: string; live: number; next: number; records: string[] }[] | null;
  error: string | null;
}

export interface RebuildPage {
  show(told: RebuildTold): void;
  stop(): void;
}

const LINE_EVERY_MS = 2_000;
const FORMAT = '{phase} {bar} {percentage} %  {doing}';
const LONGEST_PHASE = 'catching up'.length;

/** A bar in a terminal, else a line now and then. */
export function rebuildBar(): RebuildPage {
  let bar: cliProgress.SingleBar | undefined;
  let showing: string | undefined;
  const show = (told: RebuildTold): void => {
    const { phase, position, head } = told;
    if (told.state !== 'running' || phase === null || head === null) return;
    const shown = { phase: phase.padEnd(LONGEST_PHASE), doing: doingOf(told) };
    if (phase !== showing) {
      bar?.stop();
      bar = new cliProgress.SingleBar({ format: FORMAT, noTTYOutput: true, notTTYSchedule: LINE_EVERY_MS, emptyOnZero: true });
      bar.start(Number(head), Number(position ?? 0), shown);
      showing = phase;
    }
    bar?.setTotal(Number(head));
    bar?.update(Number(position ?? 0), shown);
  };
  return { show, stop: () => bar?.stop() };
}

function doingOf({ what, rate, etaSeconds }: RebuildTold): string {
  const speed = rate === null ? [] : [`${rate.toLocaleString('en')} events/s`];
  const left = etaSeconds === null ? [] : [`${etaSeconds} s left`];
  return [...(what === null ? [] : [what]), ...speed, ...left].join(', ');
}

/** A line of JSON for each change. */
export function rebuildLines(print: (line: string) => void): RebuildPage {
  let last: string | undefined;
  const show = (told: RebuildTold): void => {
    // When it was heard of last changes always.
    const seen = JSON.stringify({ ...told, updatedAt: null });
    if (seen !== last) print(JSON.stringify(told));
    last = seen;
  };
  return { show, stop: () => undefined };
}

/** What two generations do not tell alike, a line for each. */
export function differencesIn({ differences }: RebuildTold): string[] {
  return (differences ?? []).map(
    ({ of, table, live, next, records }) =>
      `${of} (${table}): ${live} rows answer, ${next} are new${records.length === 0 ? '' : `; ${records.join(', ')}`}`,
  );
}
