"""What was written down stays as it was written."""

from django.db import migrations

from backend.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("studies", "0001_initial")]

    operations = [
        AppendOnly("studies_protocolversion"),
        AppendOnly("studies_signature"),
        AppendOnly("studies_deviation"),
        AppendOnly("studies_randomisation"),
        AppendOnly("studies_assignment"),
        AppendOnly("studies_washoutoverride"),
        AppendOnly("studies_unblinding"),
    ]
