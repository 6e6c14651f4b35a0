import type { Command } from '../domain/decider.js';

/** What a client sends of a command; which command and which record the address says. */
export type Sent<C extends Command> = Omit<C, 'command' | 'record'>;
