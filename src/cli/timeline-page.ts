import type { TimelineItem } from '../domain/relationship/timeline.js';
import { gap, heading, note, row, type Piece } from './terminal-page.js';
import { counted, dateOf, inWords, namesOf, signed, sourcesOf, statedDate } from './wording.js';

const LEGEND =
  '… at some time within · – from one day to the other · by: no day is given, known by then · * the date, or its year, is an inference';

/** What happened, in the order of the world: each line with what counts, the sources and the record. */
export function timelinePage(items: readonly TimelineItem[]): Piece[] {
  return [heading(`Timeline (${counted(items.length, 'entry', 'entries')})`), ...items.map(entry), gap, note(LEGEND)];
}

function entry(item: TimelineItem): Piece {
  const { record, occurred, summary, citations } = item;
  return row(dateOf(occurred), summary, [about(item), ...sourcesOf(citations), record]);
}

function about({ type, what, modality, who, toWhom, role, status, score, counts, openQueries, occurred }: TimelineItem): string {
  const happened = inWords(type);
  const act = type === 'StatementMade' ? what : happened.includes(what) ? happened : `${happened}, ${what}`;
  const { support, disputed, questioned, verdict } = status;
  return [
    modality === null || modality === 'actual' ? act : `${act} (${modality})`,
    toWhom.length === 0 ? namesOf(who) : `${namesOf(who)} to ${namesOf(toWhom)}`,
    role === 'primary' ? undefined : role === 'affected' ? 'affects this relationship' : 'touches on this relationship',
    support === 'onRecord' ? undefined : support === 'none' ? 'no source stands behind it' : support,
    disputed ? 'disputed' : undefined,
    verdict,
    questioned ? 'questioned' : undefined,
    score === 0 ? undefined : counts ? signed(score) : `${signed(score)}, not counted`,
    openQueries === 0 ? undefined : counted(openQueries, 'open question'),
    ...statedDate(occurred),
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}
