"""The trail is only ever added to, and PostgreSQL links every event to the chain at the commit."""

from django.db import migrations

from backend.audit.append_only import AppendOnly
from backend.audit.linking import LinkAtCommit


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        AppendOnly("audit_auditevent"),
        AppendOnly("audit_auditlink"),
        LinkAtCommit(),
    ]
