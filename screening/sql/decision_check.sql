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
