"""Every item names the version of the protocol whose rules hold for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("adjudication", "0002_append_only")]
    operations = [
        migrations.AddField(
            model_name="adjudicationitem",
            name="protocol_version",
            field=models.PositiveIntegerField(default=1),
            preserve_default=False,
        ),
    ]
