-- name: asking
-- Records of these decisions that ask for a consultation and have not been ended.
select d.record
from registry.decision d
where d.id = any (%(decisions)s)
    and d.outcome = 'consult'
    and registry.decision_state(d.id, d.valid_until) not in ('annulled', 'replaced')
order by d.recorded_at, d.id;

-- name: to_remind
-- Consultations not answered whose last day is near or over, and the bureau was not
-- reminded of that yet; nobody else gets them in this transaction.
select t.id, t.division_code, t.bureau, t.due_on, t.due_on < %(day)s::date as late,
    d.record
from registry.task t
join registry.decision d on d.id = t.decision_id
where t.kind = 'consultation'
    and t.state in ('open', 'in_progress')
    and t.due_on <= %(day)s::date + %(ahead_days)s::integer
    and not exists (
        select from registry.task_event e
        where e.task_id = t.id
            and e.kind = 'reminded'
            and (e.due_on is null) = (t.due_on < %(day)s::date))
order by t.due_on, t.id
for update of t skip locked;
