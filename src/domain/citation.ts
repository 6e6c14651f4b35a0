import type { Desk } from './desk.js';
import { goodId } from './good-id.js';
import { readEach, reject } from './rejection.js';
import type { Day } from './time.js';

export const ANONYMITIES = ['named', 'unnamed-person', 'unnamed-group', 'unstated'] as const;

/** Which source says so, and where in it; `attribution` keeps "according to …" attached, `statedAs` another source's wording. */
export interface Citation {
  source: string;
  locator?: string;
  attribution?: string;
  anonymity?: (typeof ANONYMITIES)[number];
  statedAs?: string;
}

/** As sent: in an article, a citation without a source cites the article's own. */
export type CitationInput = Omit<Citation, 'source'> & { source?: string };

export function readCitations(citations: readonly CitationInput[] | undefined, desk: Desk, pointer = '/citations'): Citation[] {
  if (citations === undefined || citations.length === 0)
    reject('citation-missing', 'name at least one source, for example [{"source": "source-…", "locator": "paragraph 2"}]', pointer);
  return readEach(citations, (citation, i) => readCitation(citation, desk, `${pointer}/${i}`));
}

export function readCitation(citation: CitationInput, desk: Desk, pointer: string): Citation {
  const { source } = citation;
  if (source === undefined)
    reject('citation-missing', 'a citation names its source, for example {"source": "source-…"}', `${pointer}/source`);
  const onFile = desk.onFile(source, `${pointer}/source`);
  if (onFile?.filed.type !== 'SourceRegistered')
    reject(
      'source-unknown',
      `no source is on file under "${source}"; cite one by its id, such as ${goodId('source')}, or register it first with POST /sources`,
      `${pointer}/source`,
    );
  const [fallen, how] = onFile.retracted === undefined ? [onFile.withdrawn, 'withdrawn'] : [onFile.retracted, 'retracted'];
  if (fallen !== undefined)
    reject('source-withdrawn', `${source} was ${how}: ${fallen.data.reason}; cite a source that still stands`, `${pointer}/source`);
  return { ...citation, source };
}

/** The publication day, as printed, of the earliest-published source cited; null where none is known. */
export function earliestPublished(citations: readonly Citation[], desk: Desk): Day | null {
  const days = citations.flatMap(({ source }) => {
    const onFile = desk.onFile(source, '/citations');
    return onFile?.filed.type === 'SourceRegistered' && onFile.filed.data.publishedAt !== undefined
      ? [onFile.filed.data.publishedAt.slice(0, 10)]
      : [];
  });
  return days.length === 0 ? null : days.reduce((a, b) => (a < b ? a : b));
}
