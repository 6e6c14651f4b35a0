-- What the newsroom took back or said otherwise, one row for each event of that sort: the public log of corrections. Nothing private is in it.
create table view.correction (
  position bigint primary key,
  record text not null,
  recorded_at timestamptz not null,
  -- JSON: read-models/correction.query.ts
  body text not null
);
create index correction_record on view.correction (record, position);
