-- Which records of a relationship were believed something else from a position on, or up to it.
create index happening_began on view.happening (relationship, known_from) where version = 1;
create index happening_ended on view.happening (relationship, known_to) where version = 1 and known_to is not null;
