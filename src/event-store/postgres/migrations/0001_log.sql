-- The log: the one source of truth. Rows are only ever added.

create table log.log (
  id uuid not null default gen_random_uuid(),
  -- How far this log was filled by restore; equal to the head until the first append.
  restored bigint not null default 0,
  only_row boolean primary key default true check (only_row)
);

insert into log.log default values;

create table log.event (
  position bigint primary key,
  recorded_at timestamptz(3) not null,
  version integer not null,
  schema integer not null,
  -- The idempotency key of the filing this event belongs to, and the event's place in that filing, from 0.
  place integer,
  -- The id of the record.
  stream text collate "C" not null,
  id uuid not null unique,
  key uuid,
  key_hash bytea,
  hash bytea not null,
  type text not null,
  -- RFC 8785 canonical JSON, exactly as it was hashed.
  data text not null,
  metadata text not null,
  unique (stream, version)
);

create unique index event_key_place on log.event (key, place) where key is not null;

-- In the function that appends, plans are made once in a session (making them again would cost more than a small batch), perhaps
-- while the log is small: lateral lookups with a limit, and no sequential scans, leave nothing to choose but an index.

-- Stores a batch of filings: those that hold get consecutive positions, the others come back as refusals.
-- The first statement takes the lock. Under READ COMMITTED every later statement therefore sees all that was
-- committed before it, and positions are handed out in commit order, without gaps.
--
-- One element per event, in the order of the filings, which are numbered; no two filings share a stream or a key.
-- expected: the version a stream must have, at the first event of each stream of a filing; else null.
-- keys, key_hashes, places: left out when no filing has a key.
-- Answers the position before the first event stored, when they were recorded, and a JSON array of refusals (null: none)
-- [{"filing", "outcome": "replayed" | "key-reused"} | {"filing", "outcome": "conflict", "stream", "expected", "actual"}].
create function log.append(
  filings integer[], ids uuid[], streams text[], expected integer[], versions integer[], types text[], schemas integer[],
  datas text[], metadatas text[], hashes bytea[], keys uuid[] default '{}', key_hashes bytea[] default '{}', places integer[] default '{}',
  out last_position bigint, out recorded timestamptz, out refusals json
)
language plpgsql volatile
set lock_timeout = '2s'
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  reused json[] := '{}';
  conflicts json[];
  refused integer[] := '{}';
  conflicting integer[];
begin
  perform pg_advisory_xact_lock(28550418844775525);

  if cardinality(keys) > 0 then
    select coalesce(array_agg(k.filing), '{}'),
           coalesce(array_agg(json_build_object('filing', k.filing,
             'outcome', case when e.key_hash = k.hash then 'replayed' else 'key-reused' end)), '{}')
      into refused, reused
      from (select unnest(filings) as filing, unnest(keys) as key, unnest(key_hashes) as hash, unnest(places) as place) k
      join lateral (select key_hash from log.event where key = k.key and place = 0 limit 1) e on k.place = 0;
  end if;

  select array_agg(s.filing),
         array_agg(json_build_object('filing', s.filing, 'outcome', 'conflict',
           'stream', s.stream, 'expected', s.expected, 'actual', coalesce(e.version, 0)))
    into conflicting, conflicts
    from (select unnest(filings) as filing, unnest(streams) as stream, unnest(expected) as expected) s
    left join lateral (select version from log.event where stream = s.stream order by version desc limit 1) e on s.expected is not null
   where coalesce(e.version, 0) <> s.expected and s.filing <> all (refused);

  refused := refused || conflicting;
  if cardinality(refused) > 0 then
    refusals := array_to_json(reused || conflicts);
  end if;

  select e.position, e.recorded_at into last_position, recorded from log.event e order by e.position desc limit 1;
  last_position := coalesce(last_position, 0);
  recorded := greatest(date_trunc('milliseconds', clock_timestamp()), recorded);

  -- unnest in the select list streams the rows; in the from clause each array would first be copied to a table of its own.
  insert into log.event (position, recorded_at, version, schema, place, stream, id, key, key_hash, hash, type, data, metadata)
  select last_position + row_number() over (), recorded, e.version, e.schema, e.place, e.stream, e.id, e.key, e.key_hash, e.hash, e.type, e.data, e.metadata
    from (select unnest(filings) as filing, unnest(ids) as id, unnest(streams) as stream, unnest(versions) as version, unnest(types) as type,
                 unnest(schemas) as schema, unnest(datas) as data, unnest(metadatas) as metadata, unnest(hashes) as hash,
                 unnest(keys) as key, unnest(key_hashes) as key_hash, unnest(places) as place) e
   where e.filing <> all (refused);
end
$$;

-- Fills an empty log, or goes on filling it: refused as soon as the log holds an event that was appended.
-- One element per event, in the order of the log they come from; they get new positions in that order.
create function log.restore(
  ids uuid[], streams text[], versions integer[], types text[], schemas integer[], datas text[], metadatas text[], hashes bytea[],
  keys uuid[], key_hashes bytea[], times timestamptz[]
) returns void
language plpgsql volatile
set lock_timeout = '2s'
set enable_seqscan = off
as $$
declare
  head bigint;
  head_time timestamptz;
  gap text;
begin
  perform pg_advisory_xact_lock(28550418844775525);

  select e.position, e.recorded_at into head, head_time from log.event e order by e.position desc limit 1;
  head := coalesce(head, 0);
  if head <> (select restored from log.log) then
    raise exception 'Only an empty log can be restored, and this one has events that were appended.' using errcode = 'object_not_in_prerequisite_state';
  end if;
  if times[1] < head_time then
    raise exception 'The events to restore are older than the last one in the log.' using errcode = 'data_exception';
  end if;

  select n.stream into gap
    from (select r.stream, r.version, row_number() over (partition by r.stream order by r.place) as nth
            from unnest(streams, versions) with ordinality as r (stream, version, place)) n
    left join lateral (select version from log.event where stream = n.stream order by version desc limit 1) e on true
   where n.version <> coalesce(e.version, 0) + n.nth
   limit 1;
  if gap is not null then
    raise exception 'The events to restore leave a gap in stream %.', gap using errcode = 'data_exception';
  end if;

  insert into log.event (position, recorded_at, version, schema, place, stream, id, key, key_hash, hash, type, data, metadata)
  select head + r.nth, r.recorded_at, r.version, r.schema,
         case when r.key is not null then
           (select count(*) from log.event e where e.key = r.key) + row_number() over (partition by r.key order by r.nth) - 1 end,
         r.stream, r.id, r.key, r.key_hash, r.hash, r.type, r.data, r.metadata
    from unnest(ids, streams, versions, types, schemas, datas, metadatas, hashes, keys, key_hashes, times) with ordinality
      as r (id, stream, version, type, schema, data, metadata, hash, key, key_hash, recorded_at, nth)
   order by r.nth;

  update log.log set restored = head + cardinality(ids);
end
$$;
