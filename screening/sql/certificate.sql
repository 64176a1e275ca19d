-- name: record
-- The stored bytes of one decision, their digest and the county that keeps it.
select record, record_sha256, division_code
from registry.decision
where id = %(id)s;

-- name: signed
-- The signed file of a decision, if one was made.
select file
from registry.signed_certificate
where decision_id = %(id)s and language = %(language)s;

-- name: keep_signed
-- Keep the signed file; of two made at once the first stays.
insert into registry.signed_certificate (
    decision_id, language, division_code, signer, sha256, file
) values (
    %(id)s, %(language)s, %(division_code)s, %(signer)s, %(sha256)s, %(file)s
)
on conflict (decision_id, language) do nothing;
