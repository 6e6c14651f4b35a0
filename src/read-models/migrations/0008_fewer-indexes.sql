-- Moves and places of a relationship are read all together and kept in memory (read-models/kept-relationships.ts): what was there to find a few of them
-- has lost its readers, and made every filing dearer.
drop index view.move_in_order, view.move_fading, view.move_standing, view.place_in_order;
alter table view.move drop column version, drop column move, drop column to_party, drop column rank;
create index move_relationship on view.move (relationship);
create index place_relationship on view.place (relationship);
