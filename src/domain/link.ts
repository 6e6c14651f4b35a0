import type { Desk } from './desk.js';
import { goodId } from './good-id.js';
import { linksOf } from './record.js';
import { readEach, reject } from './rejection.js';

export const RELS = [
  'about',
  'respondsTo',
  'denies',
  'confirms',
  'contradicts',
  'repeats',
  'summarises',
  'partOf',
  'followUpOf',
  'fulfils',
  'answers',
  'context',
] as const;
export type Rel = (typeof RELS)[number];
export const DEGREES = ['full', 'partly'] as const;
export const CERTAINTIES = ['sure', 'likely', 'possible'] as const;

/** A typed link from one record to another. */
export interface Link {
  rel: Rel;
  to: string;
  degree?: (typeof DEGREES)[number];
  certainty?: (typeof CERTAINTIES)[number];
  note?: string;
}

/** The links filed with a record, each relation to each record once. */
export function readLinks(links: readonly Link[], from: string, desk: Desk): Link[] {
  return readEach(links, (link, i) => {
    if (links.findIndex(({ rel, to }) => rel === link.rel && to === link.to) < i)
      reject('field-invalid', `${link.rel} ${link.to} is given twice; give each link once`, `/links/${i}`);
    return readLink(link, from, desk, `/links/${i}`);
  });
}

/** Refuses a link to nothing on file, to the record itself, or to a record that points straight back. */
export function readLink(link: Link, from: string, desk: Desk, pointer: string): Link {
  if (link.to === from) reject('link-circular', 'a record cannot be linked to itself; link it to another record on file', `${pointer}/to`);
  const target = desk.onFile(link.to, `${pointer}/to`);
  if (target === undefined && !desk.isBeingFiled(link.to))
    reject(
      'link-target-unknown',
      `nothing is on file under "${link.to}"; link to the id of a record, such as ${goodId()}`,
      `${pointer}/to`,
    );
  if (target !== undefined && linksOf(target).some((back) => back.to === from))
    reject('link-circular', `${link.to} is already linked to this record; keep the one link that is meant`, `${pointer}/to`);
  return { ...link };
}
