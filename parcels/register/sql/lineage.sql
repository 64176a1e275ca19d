-- name: successors
-- Codes of the parcels in force into which a parcel was split, merged or renumbered,
-- however many steps; a code that is in force is not followed further.
with recursive reached (code, in_force) as (
    select %(code)s::text collate "C", false
    union
    select l.successor_code,
        exists (
            select from {layer parcel p}
            where p.code = l.successor_code and {in_force p}
        )
    from reached r
    join {layer parcel_lineage l} on l.predecessor_code = r.code and {in_force l}
    where not r.in_force and l.successor_code <> %(code)s
)
select code from reached where in_force order by code;
