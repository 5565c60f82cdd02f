"""Every version of the reference standard stays."""

from django.db import migrations

from backend.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("truth", "0001_initial")]
    operations = [AppendOnly("truth_casetruth")]
