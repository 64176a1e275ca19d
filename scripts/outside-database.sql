-- What an administrator runs once in a database that is to serve as
-- JINGTU_DATABASE_URL, as a superuser, connected to that database:
--
--   JINGTU_OWNER_PASSWORD=… psql -d jingtu -f scripts/outside-database.sql
--
-- Then JINGTU_DATABASE_URL=postgresql://jingtu_owner:…@host/jingtu. The owner runs the
-- migrations; the service becomes jingtu_service, which owns nothing and is under
-- row-level security. Neither is a superuser. Run it again after restoring a dump:
-- dumps do not carry the mark on geometry_overlaps.

\set ON_ERROR_STOP on
\getenv owner_password JINGTU_OWNER_PASSWORD
select current_database() as database \gset

select not exists (select from pg_roles where rolname = 'jingtu_owner') as missing \gset
\if :missing
create role jingtu_owner;
\endif
alter role jingtu_owner login nosuperuser nocreatedb nocreaterole nobypassrls
    password :'owner_password';

select not exists (select from pg_roles where rolname = 'jingtu_service') as missing \gset
\if :missing
create role jingtu_service;
\endif
alter role jingtu_service nologin nosuperuser nocreatedb nocreaterole nobypassrls;
grant jingtu_service to jingtu_owner with admin option;

alter database :"database" owner to jingtu_owner;
create extension if not exists postgis;

-- The box test behind && raises nothing and reveals boxes only. Without this mark the
-- planner may not use a spatial index under row-level security.
alter function geometry_overlaps(geometry, geometry) leakproof;
