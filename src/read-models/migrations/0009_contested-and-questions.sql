-- Small rows for two lists over all relationships, so that they need not read every record that was ever concerned.

-- Statements that deny or contradict others, or are denied or contradicted; one row for each belief in which one is and is not retracted.
create table view.contested (
  record text not null,
  known_from bigint not null,
  known_to bigint,
  -- When it was said, and the position of its first event.
  on_day date not null,
  position bigint not null,
  -- The day from which its speaker no longer stands by it; null where that is none.
  withdrawn date,
  -- The statements at the other ends of its links, its own first.
  against text[] not null,
  relationships text[] not null
);
with linked as (
  select record from view.leans where why in ('denies', 'contradicts') union select leans_on from view.leans where why in ('denies', 'contradicts')
), held as (
  select record, known_from, known_to, latest, body::json as body from view.record_belief join linked using (record)
  where kind = 'statement' and latest is not null
)
insert into view.contested
  select record, known_from, known_to, latest, (body #>> '{entries,0,position}')::bigint, said.withdrawn, linked.against,
    array(select r ->> 'key' from json_array_elements(body #> '{record,filed,data,relationships}') r)
  from held
  cross join lateral (
    select array(
      select l ->> 'to' from json_array_elements(body #> '{record,links}') with ordinality links (l, n)
      where l ->> 'rel' in ('denies', 'contradicts') and l ->> 'removed' is null order by n
    ) || array(
      select l ->> 'from' from json_array_elements(body -> 'linkedFrom') with ordinality links (l, n)
      where l ->> 'rel' in ('denies', 'contradicts') order by n
    ) as against) linked
  cross join lateral (
    select case when count(*) = 0 then held.latest when bool_and(until is not null) then max(until) end as withdrawn
    from view.place p where p.record = held.record and p.known_from = held.known_from and list = 'positions') said
  where cardinality(against) > 0 and not (body #>> '{status,retracted}')::boolean;
create index contested_in_order on view.contested (on_day, position);
create index contested_record on view.contested (record);
create index contested_withdrawn on view.contested (withdrawn) where withdrawn is not null;
create index contested_relationships on view.contested using gin (relationships);

-- What editors asked about records, one row for each belief that holds it and is not retracted.
create table view.question (
  record text not null,
  known_from bigint not null,
  known_to bigint,
  -- Which of the record's questions.
  n int not null,
  -- Of the event that asked.
  position bigint not null,
  open boolean not null,
  -- The day by which what it asks about had happened; the first day there is, where that is a source.
  since date not null,
  relationships text[] not null
);
insert into view.question
  select record, known_from, known_to, (query ->> 'n')::int, (body -> 'entries' -> ((query ->> 'version')::int - 1) ->> 'position')::bigint,
    query -> 'answer' is null, case kind when 'source' then '0001-01-01' else latest end,
    case kind when 'source' then '{}' else array(select r ->> 'key' from json_array_elements(body #> '{record,filed,data,relationships}') r) end
  from (select record, known_from, known_to, kind, latest, body::json from view.record_belief where body like '%"queries":[{%') asked
  cross join lateral json_array_elements(body #> '{record,queries}') query
  where not (body #>> '{status,retracted}')::boolean and (kind = 'source' or latest is not null);
create index question_in_order on view.question (position);
create index question_record on view.question (record);
create index question_relationships on view.question using gin (relationships);

drop index view.record_belief_asked, view.leans_opposing;
