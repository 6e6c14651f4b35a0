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
