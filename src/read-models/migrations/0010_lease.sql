-- Who keeps the views: one projector over any number of instances, for as long as it is heard of.
create table view.lease (
  only_row boolean primary key default true check (only_row),
  -- Names the instance: host, process and a random part; null where nobody does.
  owner text,
  -- Raised each time somebody takes over: what was begun under a lower one is not committed any more.
  token bigint not null default 0,
  -- By the clock of this database; from then on another may take over.
  until timestamptz not null default '-infinity',
  -- When the owner took over.
  since timestamptz not null default clock_timestamp(),
  -- Events that the owner projected in a second, over the last minute.
  rate double precision not null default 0
);
insert into view.lease default values;

-- Raised whenever what was known at earlier positions is told anew: what instances keep in memory of before is worth nothing then.
alter table view.checkpoint add column edition bigint not null default 0;
-- When it was moved last.
alter table view.checkpoint add column moved_at timestamptz not null default clock_timestamp();

-- Events that the views could not take in: what failed, and what comes after it in its record or leans on that. The checkpoint is past them.
create table view.parked (
  position bigint primary key,
  record text not null,
  version int not null,
  type text not null,
  -- Position of the event that failed, which this one waits for; null where it failed itself.
  behind bigint,
  -- Why it failed.
  error text,
  -- How often it was tried.
  attempts int not null,
  since timestamptz not null default clock_timestamp(),
  -- Other records that it names.
  names text[] not null,
  -- Where it is missing; null: nobody knows, so it may be everywhere. Where a source is missing, view.resting tells.
  relationships text[],
  -- It was given up for good: by whom, and why. It is then passed over as if nobody knew its type.
  dropped_at timestamptz,
  dropped_by text,
  reason text
);
create index parked_record on view.parked (record);

-- Events of types that this version of the service does not know, which it passed over.
create table view.unknown (
  type text primary key,
  events bigint not null
);
