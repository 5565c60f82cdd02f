"""What was written down stays as it was written."""

from django.db import migrations

from backend.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("reads", "0002_initial")]

    operations = [
        AppendOnly("reads_answer"),
        AppendOnly("reads_measurement"),
        AppendOnly("reads_mark"),
        AppendOnly("reads_maskcontour"),
        AppendOnly("reads_correction"),
        AppendOnly("reads_correctedanswer"),
    ]
