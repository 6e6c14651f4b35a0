/**
 * The RFC 8785 canonical form of a JSON value: members sorted by their UTF-16 code units, no white space, numbers and strings as
 * ECMAScript writes them. Members that are undefined are left out; a date is its instant, as `toJSON` says.
 * @throws TypeError for what JSON cannot express: NaN, infinities, lone surrogates, undefined, functions; RangeError for a circle
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return text(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? `[${value.map(canonicalJson).join(',')}]` : object(value as Record<string, unknown>);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} cannot be expressed in JSON.`);
      return JSON.stringify(value);
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      throw new TypeError(`A ${typeof value} cannot be expressed in JSON.`);
  }
}

function object(members: Record<string, unknown>): string {
  if (typeof members['toJSON'] === 'function') return canonicalJson((members as { toJSON: () => unknown }).toJSON());
  let json = '';
  // In place: the names were listed for this alone.
  // oxlint-disable-next-line unicorn/no-array-sort -- a copy of every list of names is what this function is here to save
  for (const name of Object.keys(members).sort()) {
    const value = members[name];
    if (value !== undefined) json += `${json === '' ? '' : ','}${text(name)}:${canonicalJson(value)}`;
  }
  return `{${json}}`;
}

/** Characters that JSON escapes, and surrogates, of which a lone one cannot be written. */
// oxlint-disable-next-line no-control-regex -- they are what it looks for
const UNUSUAL = /["\\\u0000-\u001f\ud800-\udfff]/;

function text(value: string): string {
  if (!UNUSUAL.test(value)) return `"${value}"`;
  if (!value.isWellFormed()) throw new TypeError('A lone surrogate cannot be expressed in JSON.');
  return JSON.stringify(value);
}
