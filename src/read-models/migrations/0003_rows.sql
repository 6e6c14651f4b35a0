-- The views are built anew from the log: beliefs have another shape, and the tables below are made from them.
truncate view.record_belief, view.recorded, view.checkpoint;
drop table view.belonging, view.leans;

-- What else must be looked at again when a record changes.
create table view.leans (
  leans_on text not null,
  record text not null,
  why text not null,
  primary key (leans_on, why, record)
);

-- The tables below hold what follows from each belief, for as long as it was believed, so that questions find what they need of a relationship
-- without reading all of it. Their rows are made from the belief alone (projection/rows.ts). "since" and "until" are days of the world.

-- What happened to a record, by relationship: its first event and each later step in the world.
create table view.happening (
  relationship text not null,
  record text not null,
  known_from bigint not null,
  known_to bigint,
  version int not null,
  -- Of the event that tells it.
  position bigint not null,
  role text not null,
  kind text not null,
  -- The first day there is, where none is stated.
  earliest date not null,
  latest date not null,
  -- The day by which the record itself had happened: before it none of its steps is told.
  begins date not null,
  retracted boolean not null,
  -- Speech act, act, format, …: as the timeline tells it.
  what text not null,
  parties text[] not null,
  topics text[] not null,
  -- Who acts, each as JSON: domain/actor.ts
  actors text[] not null,
  -- What the record cites by then.
  sources text[] not null
);
create index happening_in_order on view.happening (relationship, latest, earliest, position);
create index happening_record on view.happening (record);

-- Moves that count, but for the sources of their record: domain/relationship/ledger.ts
create table view.move (
  relationship text not null,
  record text not null,
  known_from bigint not null,
  known_to bigint,
  -- Position of the record's first event: a record known earlier than another moment was on file then.
  filed bigint not null,
  position bigint not null,
  version int not null,
  move text not null,
  on_day date not null,
  from_party text,
  to_party text,
  tenths int not null,
  -- The day from which it fades; null while it stands.
  base date,
  since date not null,
  until date,
  -- In the order of this number moves that fade are in the order of their weight on every day: log2 of the points plus half-lives of the day.
  rank double precision,
  sources text[] not null
);
create index move_in_order on view.move (relationship, on_day, position)
  include (known_from, known_to, filed, from_party, tenths, base, since, until, sources);
create index move_fading on view.move (relationship, rank) where base is not null;
create index move_standing on view.move (relationship, on_day) where base is null;
create index move_record on view.move (record);

-- Places of records in the lists of a state: domain/relationship/places.ts
create table view.place (
  relationship text not null,
  record text not null,
  known_from bigint not null,
  known_to bigint,
  list text not null,
  role text not null,
  items int not null,
  on_day date not null,
  position bigint not null,
  since date not null,
  until date,
  -- The statements against which a position is taken.
  against text[] not null
);
create index place_in_order on view.place (relationship, list, on_day, position)
  include (known_from, known_to, role, items, since, until, record);
create index place_record on view.place (record);

-- Which sources stand (neither withdrawn, nor retracted, nor a mere lead), and within which group each is no second witness.
create table view.source (
  source text not null,
  known_from bigint not null,
  known_to bigint,
  stands boolean not null,
  witness_group text not null,
  primary key (source, known_from)
);
create index source_fallen on view.source (known_from) where not stands;
