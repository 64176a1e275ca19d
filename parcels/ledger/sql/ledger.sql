-- name: append
-- Enter something into the ledger; the sealer numbers it once this is committed.
with entered as (
    insert into registry.ledger_entry (
        id, kind, division_code, recorded_at, salt, content
    ) values (
        %(id)s, %(kind)s, %(division_code)s, %(recorded_at)s, %(salt)s, %(content)s
    )
)
insert into registry.ledger_unsealed values (%(id)s);

-- name: find_entry
-- An entry of the caller's divisions, and its number once it has one.
select e.id, e.kind, e.division_code, e.recorded_at, e.salt, e.content, l.number
from registry.ledger_entry e
left join registry.ledger_leaf l on l.entry_id = e.id
where e.id = %(id)s;

-- name: entries
-- Sealed entries of the caller's divisions, the latest first. Each is looked up by its
-- id: joined as a whole the entries of every division would be read.
select l.number, e.*
from registry.ledger_leaf l
cross join lateral (
    select id, kind, division_code, recorded_at, salt, content
    from registry.ledger_entry
    where id = l.entry_id and (%(kind)s::text is null or kind = %(kind)s)
    offset 0
) e
where l.number < %(before)s and l.number >= %(lowest)s
order by l.number desc
limit %(limit)s;

-- name: log
-- Which ledger this is.
select id from registry.ledger;

-- name: number_unsealed
-- Number what is committed and has no number; leaf hashes in the order of numbers.
select number, leaf_hash from registry.number_unsealed(%(most)s);

-- name: keep_nodes
-- Store the complete inner nodes of the tree.
insert into registry.ledger_node (level, number, hash)
select * from unnest(%(levels)s::smallint[], %(numbers)s::bigint[], %(hashes)s::bytea[]);

-- name: keep_head
-- Store a signed head.
insert into registry.ledger_head (size, content, signature, signed_at)
values (%(size)s, %(content)s, %(signature)s, %(signed_at)s);

-- name: latest_head
-- The head of the whole ledger as it was sealed last.
select content, signature from registry.ledger_head order by size desc limit 1;

-- name: head_of
-- The head of the ledger when it had so many entries.
select content, signature from registry.ledger_head where size = %(size)s;

-- name: heads_after
-- Heads of more entries than that, the smallest first.
select content, signature from registry.ledger_head
where size > %(size)s
order by size
limit %(most)s;

-- name: nodes
-- Hashes of the complete subtrees named; level 0 are the leaves.
select w.level, w.number, coalesce(l.leaf_hash, n.hash)
from unnest(%(levels)s::smallint[], %(numbers)s::bigint[]) w (level, number)
left join registry.ledger_leaf l on w.level = 0 and l.number = w.number
left join registry.ledger_node n on n.level = w.level and n.number = w.number;
