-- Where to look when a source falls: the relationships in which records that cite it, or once did, are primary; all of theirs where they are
-- primary in none. A wire may stand under very many records, and be named far from them in passing.
create table view.resting (
  source text not null,
  relationship text not null,
  primary key (source, relationship)
);
insert into view.resting
  select distinct source, relationship from view.happening h, unnest(sources) source
    where role = 'primary' or not exists (select from view.happening other where other.record = h.record and other.role = 'primary')
  union
  select distinct source, relationship from view.move, unnest(sources) source;
