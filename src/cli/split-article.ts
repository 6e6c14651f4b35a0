/** An article as it is sent. */
export interface SentArticle {
  source: { id?: string };
  entries: { ref?: string; id?: string; record?: string }[];
}

export interface Call {
  path: string;
  body: object;
}

/**
 * The calls that file an article entry by entry, in its order: for a log that takes one chosen id in a filing. Undefined where the
 * article leaves its ids to the service, so that its `$names` stand for nothing beyond it.
 */
export function piecesOf({ source, entries }: SentArticle): Call[] | undefined {
  if (source.id === undefined || entries.some(({ ref, id, record }) => ref !== undefined && (id ?? record) === undefined)) return undefined;
  const ids = new Map<unknown, string>();
  for (const { ref, id, record = '' } of entries) if (ref !== undefined) ids.set(ref, id ?? ids.get(record) ?? record);
  const calls = entries.map(({ ref: _, ...entry }): Call => {
    const named: unknown = JSON.parse(JSON.stringify(entry), (__, value: unknown) => ids.get(value) ?? value);
    return { path: '/articles', body: { source: source.id, entries: [named] } };
  });
  return [{ path: '/sources', body: source }, ...calls];
}
