-- name: open
-- Keep the order of a run.
insert into registry.screening_run (
    division_code, kind, parameters, as_of, known_at, repeats, actor, client_id
)
values (
    %(scope)s, %(kind)s, %(parameters)s::jsonb, %(as_of)s, %(known_at)s, %(repeats)s,
    %(actor)s, %(client_id)s
)
returning id;

-- name: find
-- A run with how far it is.
select
    r.id, r.division_code, r.kind, r.parameters, r.as_of, r.known_at, r.state,
    r.progress, r.data_versions, r.summary, r.result_sha256, r.repeats, r.actor,
    r.ordered_at, r.changed_at, r.failure
from registry.screening_run r
where r.id = %(id)s;

-- name: list
-- Runs of the caller's divisions, the latest first.
select
    r.id, r.division_code, r.kind, r.parameters, r.as_of, r.known_at, r.state,
    r.progress, r.data_versions, r.summary, r.result_sha256, r.repeats, r.actor,
    r.ordered_at, r.changed_at, r.failure
from registry.screening_run r
where (%(kind)s::text is null or r.kind = %(kind)s)
    and (
        %(before_time)s::timestamptz is null
        or (r.ordered_at, r.id) < (%(before_time)s::timestamptz, %(before_id)s::uuid)
    )
order by r.ordered_at desc, r.id desc
limit %(limit)s;

-- name: begin
-- Take a run up unless it is ended; what it reads up to stays what it was first.
update registry.screening_run
set state = 'running',
    known_at = coalesce(known_at, (select number from registry.change_head)),
    progress = null,
    changed_at = clock_timestamp()
where id = %(id)s and state in ('waiting', 'running')
returning known_at;

-- name: clear
-- Remove what a worker that was killed had written.
delete from registry.screening_result where run_id = %(id)s;

-- name: note
-- Write how far a run is; no row when it is not running any more.
update registry.screening_run
set progress = %(progress)s::jsonb, changed_at = clock_timestamp()
where id = %(id)s and state = 'running'
returning id;

-- name: write
-- Write rows of a result.
insert into registry.screening_result (run_id, number, division_code, line, geom)
select
    r.id, %(first)s + sent.place - 1, r.division_code, sent.line,
    st_geomfromwkb(sent.geom, 4490)
from registry.screening_run r
cross join unnest(%(lines)s::jsonb[], %(geoms)s::bytea[])
    with ordinality sent(line, geom, place)
where r.id = %(id)s;

-- name: finish
-- A run is done.
update registry.screening_run
set state = 'done',
    data_versions = %(data_versions)s::jsonb,
    summary = %(summary)s::jsonb,
    result_sha256 = %(sha256)s,
    changed_at = clock_timestamp()
where id = %(id)s and state = 'running'
returning id;

-- name: end
-- End a run that is not ended yet.
update registry.screening_run
set state = %(state)s, failure = %(failure)s::jsonb, changed_at = clock_timestamp()
where id = %(id)s and state in ('waiting', 'running')
returning state;

-- name: results
-- Rows of a result after a number, in order.
select s.number, s.line, st_asbinary(s.geom) as geom
from registry.screening_result s
where s.run_id = %(id)s and s.number > %(after)s
order by s.number
limit %(limit)s;

-- name: chosen
-- Rows of a result by their numbers.
select s.number, s.line, st_asbinary(s.geom) as geom
from registry.screening_result s
where s.run_id = %(id)s and s.number = any(%(numbers)s::bigint[])
order by s.number;
