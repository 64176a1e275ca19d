-- name: decisions
-- Every decision as its row has it, with the content of its entry in the ledger.
select
    d.id, d.certificate_number, d.division_code, d.transaction, d.outcome,
    d.parcel_codes, d.as_of::text as as_of, d.change_number, d.recorded_at,
    d.valid_until::text as valid_until, d.client_id::text as client_id, d.actor,
    d.record, d.record_sha256,
    encode(st_asbinary(d.geom, 'NDR'), 'hex') as geometry_wkb,
    e.content as entry
from registry.decision d
left join registry.ledger_entry e on e.id = d.id;

-- name: removed
-- Entries of decisions that are not there.
select e.id
from registry.ledger_entry e
left join registry.decision d on d.id = e.id
where e.kind = 'decision' and d.id is null
order by e.recorded_at;

-- name: events
-- What became of decisions, as rows have it.
select
    v.id as event, v.actor, v.by_decision::text as by_decision, v.change_id,
    v.client_id::text as client_id, v.decision_id::text as decision_id, v.kind,
    v.reason, v.division_code, v.happened_at as recorded_at
from registry.decision_event v
order by v.id;

-- name: event_entries
-- What became of decisions, as the ledger has it.
select e.content from registry.ledger_entry e where e.kind = 'decision_event';

-- name: roots
-- The root of every head that was signed; whether they fit the tree is checked elsewhere.
select h.size, convert_from(h.content, 'utf8')::jsonb ->> 'root'
from registry.ledger_head h;
