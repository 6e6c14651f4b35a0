-- The API keys of this newsroom. Only the SHA-256 of a key is kept. A row is never deleted, and a name never given again:
-- events are stamped with it.
create table access.api_key (
  id         uuid primary key,
  name       text not null unique,
  role       text not null check (role in ('reader', 'reporter', 'editor', 'admin')),
  hash       bytea not null unique check (length(hash) = 32),
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
