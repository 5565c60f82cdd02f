"""A dataset from outside, and the files of its runs, may be deleted; everything of a study stays."""

from django.db import migrations

from backend.audit.append_only import Removable


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_outside_datasets_and_supplements")]
    operations = [
        Removable("reports_outsidedataset", "1 = 1"),
        Removable(
            "reports_analysisfile",
            "EXISTS (SELECT 1 FROM reports_analysisrun run WHERE run.id = OLD.run_id AND run.outside_id IS NOT NULL)",
        ),
    ]
