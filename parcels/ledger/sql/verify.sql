-- name: leaves
-- Every number with the entry it stands for, in order.
select l.number, l.entry_id, l.leaf_hash,
    e.kind, e.division_code, e.recorded_at, e.salt, e.content
from registry.ledger_leaf l
left join registry.ledger_entry e on e.id = l.entry_id
order by l.number;

-- name: unnumbered
-- Entries without a number, and whether they are waiting for one.
select e.id, e.recorded_at, u.entry_id is not null,
    e.recorded_at < now() - interval '5 minutes'
from registry.ledger_entry e
left join registry.ledger_leaf l on l.entry_id = e.id
left join registry.ledger_unsealed u on u.entry_id = e.id
where l.entry_id is null
order by e.recorded_at;

-- name: bad_nodes
-- Hashes over two complete subtrees that are missing, or not those of their parts.
with child as (
    select 0 as level, number, leaf_hash as hash from registry.ledger_leaf
    union all
    select level, number, hash from registry.ledger_node
)
select p.level + 1, p.number / 2, p.hash, q.hash, n.hash
from child p
join child q on q.level = p.level and q.number = p.number + 1
left join registry.ledger_node n on n.level = p.level + 1 and n.number = p.number / 2
where mod(p.number, 2) = 0
    and n.hash is distinct from sha256('\x01'::bytea || p.hash || q.hash)
order by 1, 2
limit 1000;

-- name: heads
-- Every stored head, the smallest first.
select size, content, signature from registry.ledger_head order by size;

-- name: changes
-- Every change of the register with the digest of the file it brought.
select c.number, c.actor, c.division_code, c.recorded_at, c.reason, c.upload_id,
    u.sha256
from registry.change c
left join registry.upload u on u.id = c.upload_id
where c.number is not null
order by c.number;

-- name: change_entries
-- Entries of changes.
select e.content from registry.ledger_entry e where e.kind = 'change';

-- name: task_events
-- Every step of a task with what its entry says of it.
select e.id, e.actor, t.bureau, e.client_id::text, e.documents::text[], e.due_on::text,
    e.kind, e.note, e.person,
    coalesce(t.subject_theme || '/' || t.subject_code, 'decision/' || t.decision_id),
    e.task_id::text, t.kind, e.division_code, e.happened_at
from registry.task_event e
left join registry.task t on t.id = e.task_id
order by e.id;

-- name: task_event_entries
-- Entries of steps of tasks.
select e.content from registry.ledger_entry e where e.kind = 'task_event';
