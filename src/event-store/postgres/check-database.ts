import type { Pool } from 'pg';
import { ask, persistently } from './interruption.js';

/** Settings without which the log would break its promises. */
const REQUIRED = [
  {
    setting: 'default_transaction_isolation',
    holds: (value: string) => value === 'read committed',
    advice: 'The log needs transactions at READ COMMITTED: set default_transaction_isolation to it for this database and role.',
  },
  {
    setting: 'synchronous_commit',
    holds: (value: string) => value !== 'off',
    advice: 'The log could lose what it has acknowledged: do not switch synchronous_commit off for this database and role.',
  },
];

/** Throws an error that says what to change. */
export async function checkDatabase(pool: Pool): Promise<void> {
  for (const { setting, holds, advice } of REQUIRED) {
    const [row] = await persistently(() => ask<{ value: string }>(pool, 'select current_setting($1) as value', [setting]));
    if (!holds(row?.value ?? '')) throw new Error(advice);
  }
}
