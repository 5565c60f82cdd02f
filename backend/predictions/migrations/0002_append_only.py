"""What a model said, and to whom it was shown, is only ever added."""

from django.db import migrations

from backend.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("predictions", "0001_initial")]
    operations = [AppendOnly("predictions_prediction"), AppendOnly("predictions_disclosure")]
