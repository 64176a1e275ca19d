-- name: record
-- Keep a decision: the exact bytes of its record beside what look-ups need, its entry
-- in the ledger, and its place among those to be watched, in one statement.
with entered as (
    insert into registry.ledger_entry (
        id, kind, division_code, recorded_at, salt, content
    ) values (
        %(id)s, %(kind)s, %(division_code)s, %(recorded_at)s, %(salt)s, %(content)s
    )
), waiting as (
    insert into registry.ledger_unsealed values (%(id)s)
), arrived as (
    insert into registry.decision_arrival values (%(id)s)
)
insert into registry.decision (
    id, certificate_number, division_code, transaction, outcome, parcel_codes, as_of,
    change_number, recorded_at, valid_until, client_id, actor, record, record_sha256,
    geom
) values (
    %(id)s, %(certificate_number)s, %(division_code)s, %(transaction)s, %(outcome)s,
    %(parcel_codes)s, %(as_of)s, %(change_number)s, %(recorded_at)s, %(valid_until)s,
    %(client_id)s, %(actor)s, %(record)s, %(record_sha256)s, %(geom)s::geometry
);

-- name: find
-- The stored bytes of one decision, and the hash of its entry in the ledger.
select d.record, sha256('\x00'::bytea || e.salt || e.content)
from registry.decision d
left join registry.ledger_entry e on e.id = d.id
where d.id = %(id)s;

-- name: list
-- Decisions of the caller's divisions and how each stands, the latest first.
select d.id, d.certificate_number, d.division_code, d.transaction, d.outcome,
    d.parcel_codes, d.as_of, d.recorded_at, d.valid_until, d.actor,
    registry.decision_state(d.id, d.valid_until) as state
from registry.decision d
where (%(ids)s::uuid[] is null or d.id = any(%(ids)s))
    and (%(transaction)s::text is null or d.transaction = %(transaction)s)
    and (%(outcome)s::text is null or d.outcome = %(outcome)s)
    and (%(parcel_code)s::text is null or %(parcel_code)s = any(d.parcel_codes))
    and (
        %(recorded_from)s::timestamptz is null
        or d.recorded_at >= %(recorded_from)s::timestamptz
    )
    and (
        %(recorded_before)s::timestamptz is null
        or d.recorded_at < %(recorded_before)s::timestamptz
    )
    and (
        %(before_time)s::timestamptz is null
        or (d.recorded_at, d.id) < (%(before_time)s, %(before_id)s::uuid)
    )
order by d.recorded_at desc, d.id desc
limit %(limit)s;
