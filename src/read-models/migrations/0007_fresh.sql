-- When a relationship last changed: what was told before is still so (see state-cache.ts).
create index source_ended on view.source (known_to) where known_to is not null;
create index positions_began on view.place (known_from) where list = 'positions';
create index positions_ended on view.place (known_to) where list = 'positions' and known_to is not null;
