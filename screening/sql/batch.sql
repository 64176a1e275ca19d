-- name: open
-- Keep an order of many questions.
insert into registry.gate_batch (division_code, dry_run, total, actor, client_id)
values (%(scope)s, %(dry_run)s, %(total)s, %(actor)s, %(client_id)s)
returning id;

-- name: lines
-- Keep its questions in the order they were sent, the first is 1.
insert into registry.gate_batch_line (
    batch_id, number, division_code, reference, question
)
select %(id)s, sent.number, %(scope)s, sent.question->>'reference', sent.question
from jsonb_array_elements(%(questions)s::jsonb) with ordinality sent(question, number);

-- name: find
-- A batch with how far it is.
select
    b.id, b.state, b.dry_run, b.total, b.actor, b.ordered_at, b.changed_at, b.failure,
    (
        select jsonb_object_agg(coalesce(counted.what, 'waiting'), counted.lines)
        from (
            select
                case when l.problem is null then l.outcome else 'refused' end as what,
                count(*) as lines
            from registry.gate_batch_line l
            where l.batch_id = b.id
            group by 1
        ) counted
    ) as counts
from registry.gate_batch b
where b.id = %(id)s;

-- name: begin
-- Take a batch up, unless it is ended.
update registry.gate_batch
set state = 'running', changed_at = clock_timestamp()
where id = %(id)s and state in ('waiting', 'running')
returning dry_run;

-- name: end
-- End a batch that is not ended yet.
update registry.gate_batch
set state = %(state)s, changed_at = clock_timestamp()
where id = %(id)s and state in ('waiting', 'running')
returning state;

-- name: next
-- The next questions without an answer; none when the batch is ended.
select l.number, l.question
from registry.gate_batch_line l
join registry.gate_batch b on b.id = l.batch_id
where l.batch_id = %(id)s
    and l.outcome is null
    and l.problem is null
    and b.state = 'running'
order by l.number
limit %(limit)s;

-- name: take
-- Those of some questions that have no answer; nobody else writes one meanwhile.
select l.number
from registry.gate_batch_line l
where l.batch_id = %(id)s
    and l.number = any(%(numbers)s::integer[])
    and l.outcome is null
    and l.problem is null
for update;

-- name: answer
-- Write the answer of one question beside it.
update registry.gate_batch_line
set outcome = %(outcome)s, decision_id = %(decision_id)s, problem = %(problem)s::jsonb
where batch_id = %(id)s
    and number = %(number)s
    and outcome is null
    and problem is null;

-- name: results
-- Lines after a number, with their decisions.
select
    l.number, l.reference, l.question->'subject' as subject, l.outcome, l.decision_id,
    d.certificate_number, d.parcel_codes, l.problem, st_asbinary(d.geom) as geom
from registry.gate_batch_line l
left join registry.decision d on d.id = l.decision_id
where l.batch_id = %(id)s and l.number > %(after)s
order by l.number
limit %(limit)s;
