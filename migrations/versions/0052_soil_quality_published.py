"""The public reads what surveys found of the soil of plots.

Why: a county publishes the soil quality of construction plots (LS 12, 40), those that
plants have left among them. The published registers hold plots that fail, or are
barred from uses; a plot found fit was on none. Finding and class evaluated become
fields that can be made public, each by itself as the others are; the finding brings a
plot to the register, so nothing is public by this that nobody has flagged.
"""

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

FIELDS = """
alter table registry.plot drop constraint plot_published_fields_check;
alter table registry.plot add constraint plot_published_fields_check check (
    published_fields <@ array[
        'plot_code', 'name', 'address', 'location', 'four_bounds', 'area',
        'former_enterprise', 'former_industries', 'current_use', 'planned_use',
        'stage', 'risk_grade', 'pollutants', 'groundwater_polluted',
        'negative_list', 'list_batch', 'soil_standard', 'evaluated_class']);
"""

PUBLISHED = """
create or replace function registry.published_plots(register text, decimals integer)
returns table (
    division_code text, division_zh text, division_en text, listed_on date,
    published_on date, publication_source text, fields jsonb,
    longitude double precision, latitude double precision)
language sql stable
security definer
set search_path = registry, public, pg_temp
begin atomic
    with day as (
        select (now() at time zone 'Asia/Shanghai')::date as today
    ),
    published as (
        select v.*, m.valid_from as listed_on, m.batch
        from registry.plot v
        cross join day d
        left join lateral (
            select min(m.valid_from) as valid_from, max(m.batch) as batch
            from registry.plot_list_membership m
            where m.plot_code = v.code
                and m.division_code = v.division_code
                and m.list = register
                and m.closed_by is null
                and m.valid_from <= d.today
                and (m.valid_to is null or m.valid_to > d.today)
        ) m on true
        where v.closed_by is null
            and v.valid_from <= d.today
            and (v.valid_to is null or v.valid_to > d.today)
            and v.published_on <= d.today
            and cardinality(v.published_fields) > 0
            and case register
                when 'negative_list' then
                    'negative_list' = any (v.published_fields)
                    and cardinality(v.negative_list) > 0
                    and v.stage <> 'closed_error'
                when 'soil_quality' then
                    'soil_standard' = any (v.published_fields)
                    and v.soil_standard is not null
                    and v.stage <> 'closed_error'
                else register in ('contaminated', 'rcr') and m.valid_from is not null
            end
    )
    select p.division_code, n.name_zh, n.name_en, p.listed_on, p.published_on,
        p.publication_source,
        jsonb_strip_nulls(jsonb_build_object(
            'plot_code', case when 'plot_code' = any (f) then p.code end,
            'name', case when 'name' = any (f) then p.name end,
            'address', case when 'address' = any (f) then p.address end,
            'bound_east', case when 'four_bounds' = any (f) then p.bound_east end,
            'bound_south', case when 'four_bounds' = any (f) then p.bound_south end,
            'bound_west', case when 'four_bounds' = any (f) then p.bound_west end,
            'bound_north', case when 'four_bounds' = any (f) then p.bound_north end,
            'area_m2', case when 'area' = any (f)
                then round(coalesce(p.mapped_area_m2, p.stated_area_m2)::numeric) end,
            'former_enterprise', case when 'former_enterprise' = any (f)
                then p.former_enterprise end,
            'former_industries', case when 'former_industries' = any (f)
                then to_jsonb(p.former_industries) end,
            'current_use', case when 'current_use' = any (f)
                then p.current_use_scheme || ':' || p.current_use_code end,
            'planned_use', case when 'planned_use' = any (f)
                then p.planned_use_scheme || ':' || p.planned_use_code end,
            'stage', case when 'stage' = any (f) then p.stage end,
            'risk_grade', case when 'risk_grade' = any (f) then p.risk_grade end,
            'pollutants', case when 'pollutants' = any (f)
                then to_jsonb(p.pollutants) end,
            'soil_standard', case when 'soil_standard' = any (f)
                then p.soil_standard end,
            'evaluated_class', case when 'evaluated_class' = any (f)
                then p.evaluated_class end,
            'groundwater_polluted', case when 'groundwater_polluted' = any (f)
                then p.groundwater_polluted end,
            'negative_list', case when 'negative_list' = any (f)
                then to_jsonb(p.negative_list) end,
            'list_batch', case when 'list_batch' = any (f) then p.batch end
        )),
        case when 'location' = any (f) then round(
            st_x(st_centroid(p.geom))::numeric, least(greatest(decimals, 0), 6)) end,
        case when 'location' = any (f) then round(
            st_y(st_centroid(p.geom))::numeric, least(greatest(decimals, 0), 6)) end
    from published p
    cross join lateral (select p.published_fields as f) flagged
    left join registry.division n
        on n.code = left(p.division_code, 6)
        and n.closed_by is null
        and n.valid_from <= (select today from day)
        and (n.valid_to is null or n.valid_to > (select today from day))
    order by p.division_code, p.listed_on, p.code;
end;
"""


def upgrade() -> None:
    """Let finding and class be made public, and tell one register more."""
    op.execute(FIELDS)
    op.execute(PUBLISHED)
