-- Lists across relationships are read in the order of the world, the newest first, and begin with the records of one kind or one place.
create index happening_by_kind on view.happening (kind, latest, position) where version = 1 and not retracted;
create index place_by_list on view.place (list, on_day, position);
-- Records about which editors asked something, whether it was answered or not.
create index record_belief_asked on view.record_belief (record) where body like '%"queries":[{%';
-- Statements that deny or contradict each other.
create index leans_opposing on view.leans (why, record) where why in ('denies', 'contradicts');
drop index view.record_belief_kind;
