/** A part of what one side says to the other; passed on as a whole, or broken. */
export interface Piece {
  bytes: Buffer;
  /** The message that is complete with this piece. */
  message?: Buffer;
  /** Of several conversations on one connection, the one that it belongs to. */
  conversation?: number;
}

/** How a store and the service speak, as far as the proxy between them has to know. */
export interface Language {
  /** Cuts what comes from one side of a connection into pieces. */
  pieces(from: 'client' | 'server'): (data: Buffer) => Piece[];
  /** Which append of a filing a client's message is; undefined where it is none. */
  append(message: Buffer): string | undefined;
}

/** What is sent at once is a message. `marker`: a text that those with an append hold. */
export function plain(marker: string): Language {
  return {
    pieces: () => (data) => [{ bytes: data, message: data }],
    append: (message) => (message.includes(marker) ? 'filing' : undefined),
  };
}
