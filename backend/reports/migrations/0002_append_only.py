"""Frozen data and what was computed from them are only ever added."""

from django.db import migrations

from backend.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [
        AppendOnly("reports_frozendataset"),
        AppendOnly("reports_resultrun"),
        AppendOnly("reports_resultfile"),
    ]
