"""What may be told across a division's border, and the one way to it.

Why: row-level security hides a neighbour's plot 40 m over the line, and the answer
would read "clear". These two functions run with the owner's rights and return, of
another division's features, the theme, the relation (on / adjoining / within d) and
the division to ask: no code, no name, no shape, no count. Of counties they return
what every caller may know: their boundary inside the search box and what they say
they cover.

`border_hits` measures on the ellipsoid. A foreign feature whose overlap is a sliver
(below 1 m² or 0.10 m mean width, settings of the gate rules) counts as adjoining.
`known_at` null reads the versions open now; a number reads what was known after it.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NOW = {"table": "registry.{layer}", "known": "v.closed_by is null"}
THEN = {
    "table": """(select * from registry.{layer} where closed_by is null
            union all
            select * from registry.{layer} where closed_by is not null)""",
    "known": """exists (
                select from registry.change o
                where o.id = v.opened_by and o.number <= border_known_at)
            and not exists (
                select from registry.change c
                where c.id = v.closed_by and c.number <= border_known_at)""",
}

ARM = """
        select {theme} as theme, v.division_code, v.geom, {widened_m} as widened_m
        from {table} v
        where v.{column} && {box}
            and not starts_with(v.division_code, own_scope)
            and {known}
            and v.valid_from <= on_day
            and (v.valid_to is null or v.valid_to > on_day)"""
POINT_RADIUS = """case when geometrytype(v.geom) = 'POINT' then
            coalesce(v.accuracy_m, 0) + sqrt(coalesce(v.stated_area_m2, 0) / pi())
            else 0 end"""
ARMS = (
    ("plot", "'plot'", "plot_box", POINT_RADIUS),
    ("restriction_area", "v.theme", "area_box", "0"),
    ("farmland_unit", "'farmland_unit'", "area_box", "0"),
    ("water_zone", "'water_zone'", "area_box", "0"),
    ("former_use", "'former_use'", "plot_box", POINT_RADIUS),
    ("enterprise", "'enterprise'", "wide_box", POINT_RADIUS),
    ("facility", "'facility'", "wide_box", POINT_RADIUS),
    ("receptor", "'receptor'", "wide_box", POINT_RADIUS),
    ("water_source", "'water_source'", "wide_box", POINT_RADIUS),
    ("river", "'river'", "wide_box", "0"),
)


def _arms(version: dict[str, str]) -> str:
    return "\n        union all".join(
        ARM.format(
            theme=theme,
            widened_m=widened_m,
            box=box,
            column="geom" if widened_m == "0" else "reach",
            table=version["table"].format(layer=layer),
            known=version["known"],
        )
        for layer, theme, box, widened_m in ARMS
    )


def _query(version: dict[str, str]) -> str:
    return f"""
    return query
    with foreign_feature as ({_arms(version)}
    ),
    measured as materialized (
        select
            f.theme,
            f.division_code,
            st_distance(f.geom::geography, subject::geography) - f.widened_m
                as distance_m,
            case when st_dimension(f.geom) = 2 and st_intersects(f.geom, subject)
                then st_intersection(f.geom, subject) end as shared,
            st_dimension(f.geom) as dimension
        from foreign_feature f
    ),
    related as materialized (
        select
            m.theme,
            m.division_code,
            m.distance_m,
            case
                when m.dimension = 2 then coalesce(
                    st_area(m.shared::geography) >= 1.0
                    and 2 * st_area(m.shared::geography)
                        >= 0.10 * st_perimeter(m.shared::geography), false)
                else m.distance_m <= 0
            end as lies_on
        from measured m
    )
    select r.theme,
        case when bool_or(r.lies_on) then 'on'
            when min(r.distance_m) <= adjoining_m then 'adjoining'
            else 'within' end,
        case when bool_or(r.lies_on) or min(r.distance_m) <= adjoining_m then null
            else (
                select min(ring) from unnest(rings) ring
                where ring >= min(r.distance_m)) end,
        r.division_code
    from related r
    group by r.theme, r.division_code
    having bool_or(r.lies_on)
        or min(r.distance_m) <= (select max(ring) from unnest(rings) ring);
"""


BORDER_HITS = f"""
create function registry.border_hits(
    subject geometry, area_box geometry, plot_box geometry, wide_box geometry,
    rings double precision[], on_day date, border_known_at bigint)
returns table (
    theme text, relation text, within_m double precision, division_code text)
language plpgsql stable
security definer
set search_path = registry, public, pg_temp
as $$
#variable_conflict use_column
declare
    adjoining_m constant double precision := 0.5;
    own_scope constant text := coalesce(current_setting('jingtu.scope', true), '');
begin
    if own_scope in ('', '*') then
        return;
    end if;
    if border_known_at is null then
        {_query(NOW)}
    else
        {_query(THEN)}
    end if;
end
$$;
comment on function registry.border_hits is
    'Features of other divisions near a subject: theme, relation, division; no more.';
"""


def _coverage_query(version: dict[str, str]) -> str:
    divisions = version["table"].format(layer="division")
    coverages = version["table"].format(layer="theme_coverage")
    return f"""
    return query
    with county as materialized (
        select v.division_code, v.name_zh, v.name_en,
            coalesce(v.restricted, false) as restricted,
            case when st_contains(v.geom, wide_box) then wide_box
                else st_intersection(v.geom, wide_box) end as geom
        from {divisions} v
        where v.geom && wide_box
            and length(v.division_code) = 6
            and st_intersects(v.geom, wide_box)
            and {version["known"]}
            and v.valid_from <= on_day
            and (v.valid_to is null or v.valid_to > on_day)
    )
    select c.division_code, c.name_zh, c.name_en, c.restricted, c.geom,
        v.theme, v.data_date, v.stale_on, v.geom
    from county c
    left join (
        select *
        from {coverages} v
        where {version["known"]}
            and v.valid_from <= on_day
            and (v.valid_to is null or v.valid_to > on_day)
    ) v
        on v.division_code = c.division_code
        and (v.geom is null or v.geom && wide_box);
"""


COVERAGE_AROUND = f"""
create function registry.coverage_around(
    wide_box geometry, on_day date, border_known_at bigint)
returns table (
    division_code text, name_zh text, name_en text, restricted boolean,
    county_geom geometry, theme text, data_date date, stale_on date,
    coverage_geom geometry)
language plpgsql stable
security definer
set search_path = registry, public, pg_temp
as $$
#variable_conflict use_column
begin
    if coalesce(current_setting('jingtu.scope', true), '') = '' then
        return;
    end if;
    if border_known_at is null then
        {_coverage_query(NOW)}
    else
        {_coverage_query(THEN)}
    end if;
end
$$;
comment on function registry.coverage_around is
    'Counties a search box touches, clipped to it, and what each says it covers.';
"""

GRANTS = """
revoke execute on function
    registry.border_hits, registry.coverage_around
from public;
grant execute on function registry.border_hits, registry.coverage_around
to jingtu_service;
"""


def upgrade() -> None:
    """Create the border path."""
    op.execute(BORDER_HITS)
    op.execute(COVERAGE_AROUND)
    op.execute(GRANTS)
