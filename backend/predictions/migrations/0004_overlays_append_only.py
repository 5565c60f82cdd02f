"""What a prediction shows on the images is only ever added, as the prediction is."""

from django.db import migrations

from backend.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("predictions", "0003_overlays")]
    operations = [AppendOnly("predictions_predictionoverlay")]
