-- The building anew of the views that was asked for last: at most one row, for all instances on this database.
create table view.rebuild (
  only_row boolean primary key default true check (only_row),
  state text not null check (state in ('running', 'differs', 'exchanged', 'cancelled', 'failed')),
  -- Names whoever does it, for as long as that is heard of; null where somebody is yet to take it up.
  runner uuid,
  phase text,
  what text,
  position bigint,
  head bigint,
  -- Events in a second; null where nothing is read.
  rate double precision,
  eta_seconds double precision,
  started_at timestamptz not null default clock_timestamp(),
  -- When it was heard of last.
  updated_at timestamptz not null default clock_timestamp(),
  -- What the two generations do not tell alike: projection/compare.ts
  differences json,
  error text,
  -- Whether the new views take their place also where they tell something else.
  accept boolean not null,
  -- Whether it is to end, and the half-built views to go.
  cancel boolean not null default false
);
