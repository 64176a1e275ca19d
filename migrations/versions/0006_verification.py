"""What anybody may learn of a certificate.

Why: who is shown a certificate must be able to see that it is genuine without an
account. The number carries at least 64 random bits, so it is the proof of having been
shown one; the answer is outcome, dates and state, nothing of the land or the people.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

VERIFY = """
create function registry.verify_certificate(certificate_number text)
returns table (
    outcome text, as_of date, recorded_at timestamptz, valid_until date, state text)
language sql stable
security definer
set search_path = registry, pg_temp
begin atomic
    select d.outcome, d.as_of, d.recorded_at, d.valid_until,
        case
            when d.valid_until < timezone('Asia/Shanghai', now())::date then 'expired'
            else 'in_force'
        end
    from registry.decision d
    where d.certificate_number = verify_certificate.certificate_number;
end;
comment on function registry.verify_certificate is
    'Outcome, dates and state of a certificate, for whoever holds its number.';
revoke execute on function registry.verify_certificate from public;
grant execute on function registry.verify_certificate to jingtu_service;
"""


def upgrade() -> None:
    """Create the public look-up."""
    op.execute(VERIFY)
