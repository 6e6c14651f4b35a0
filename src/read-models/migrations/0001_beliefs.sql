-- How far the views have come, and in which log: one row, moved in the same transaction as the rows it vouches for.
create table view.checkpoint (
  only_row boolean primary key default true check (only_row),
  log uuid not null,
  position bigint not null,
  -- The last event projected; null before the first.
  event uuid,
  recorded_at timestamptz
);

-- Each state the newsroom believed about a record, with the interval of positions in which it did: known_from <= position < known_to.
create table view.record_belief (
  record text not null,
  known_from bigint not null,
  known_to bigint,
  kind text not null,
  -- The latest day on which it can have happened; null for a source.
  latest date,
  -- JSON: domain/relationship/belief.ts
  body text not null,
  primary key (record, known_from)
-- A belief is about 2 kB: kept in its row, where the default would compress nearly every one of them.
) with (toast_tuple_target = 8160);
create index record_belief_kind on view.record_belief (kind, latest);

-- Which records belong to a relationship, as believed in the same interval.
create table view.belonging (
  relationship text not null,
  record text not null,
  known_from bigint not null,
  known_to bigint,
  role text not null,
  latest date not null,
  primary key (relationship, record, known_from)
);

-- What else must be looked at again when a record changes.
create table view.leans (
  leans_on text not null,
  record text not null,
  why text not null,
  primary key (leans_on, record, why)
);

-- The last position recorded by an instant, so that "as known at 09:00" is a position.
create table view.recorded (
  recorded_at timestamptz primary key,
  position bigint not null
);
create index recorded_position on view.recorded (position);
