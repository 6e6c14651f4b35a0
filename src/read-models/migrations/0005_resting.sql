-- Relationships in which records cite, or once cited, a source: where to look when the source falls. A wire may stand under very many records.
create table view.resting (
  source text not null,
  relationship text not null,
  primary key (source, relationship)
);
insert into view.resting
  select distinct source, relationship from view.happening, unnest(sources) source
  union
  select distinct source, relationship from view.move, unnest(sources) source;
